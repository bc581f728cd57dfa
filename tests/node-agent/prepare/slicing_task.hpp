// SPDX-License-Identifier: GPL-3.0-or-later
// slicing_task.hpp - parts and tasks that the tests of slicers begin with.

#pragma once

#include "node-agent/prepare/slicing.hpp"
#include "tests/folders.hpp"
#include "tests/host/scratch_directory.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace nearfab::agent::test_parts {

inline std::filesystem::path example_profiles() {
    return std::filesystem::path{tests::source_folder()} / "examples" / "profiles";
}

inline std::string text_of(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline geometry::Mesh box(double x, double y, double z) {
    geometry::Mesh mesh;
    for (const double cx : {0.0, x}) {
        for (const double cy : {0.0, y}) {
            for (const double cz : {0.0, z}) {
                mesh.vertices.push_back({cx, cy, cz});
            }
        }
    }
    mesh.triangles = {{0, 1, 3},
                      {0, 3, 2},
                      {4, 6, 7},
                      {4, 7, 5},
                      {0, 4, 5},
                      {0, 5, 1},
                      {2, 3, 7},
                      {2, 7, 6},
                      {0, 2, 6},
                      {0, 6, 4},
                      {1, 5, 7},
                      {1, 7, 3}};
    return mesh;
}

// For the small printer of examples/profiles, with the profile of this name there.
inline SlicingTask small_task(const test::ScratchDirectory& scratch,
                              geometry::Mesh part,
                              const std::string& profile) {
    SlicingTask task;
    task.work_directory = scratch.path();
    task.profile = load_print_profile(example_profiles() / profile).value();
    task.part = std::move(part);
    task.machine.envelope = {180, 180, 180};
    return task;
}

// A shell script in the place of a slicer.
inline std::filesystem::path script(const test::ScratchDirectory& scratch,
                                    const std::string& name,
                                    const std::string& commands) {
    const std::filesystem::path path = scratch / name;
    std::ofstream{path} << "#!/bin/sh\n" << commands << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
}

}  // namespace nearfab::agent::test_parts
