// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/step_threads.hpp"

#include "cli/checked_file.hpp"
#include "geometry/part_check.hpp"
#include "geometry/process/process_limits.hpp"
#include "geometry/readers/stl.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace nearfab;
using geometry::CheckStep;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return {text.begin(), text.end()};
}

// All that people are told of a part. 0 threads: without anybody who has some.
std::string told_of(const Bytes& bytes, unsigned threads) {
    geometry::PartCheckOptions options;
    auto limits = geometry::read_limit_rows(geometry::builtin_limits_text());
    REQUIRE(limits);
    auto processes = geometry::limits_of(*limits);
    REQUIRE(processes);
    options.limits = *processes;
    if (threads > 0) {
        options.run_steps = [threads](std::span<const CheckStep> steps) {
            cli::run_steps(steps, threads);
        };
    }
    auto check = geometry::check_part(bytes, options);
    REQUIRE(check);
    cli::CheckedFile file;
    file.file = "part";
    file.check = std::move(*check);
    return json::json_of_check(cli::reports_of({file}));
}

void same_on_any_threads(const Bytes& bytes) {
    const std::string plain = told_of(bytes, 0);
    for (const unsigned threads : {1U, 2U, 3U}) {
        INFO(threads << " threads");
        CHECK(told_of(bytes, threads) == plain);
    }
}

geometry::Mesh box(const geometry::Vec3& low, const geometry::Vec3& high) {
    geometry::Mesh mesh;
    for (unsigned i = 0; i < 8; ++i) {
        mesh.vertices.push_back({i % 2 == 1 ? high.x : low.x,
                                 i / 2 % 2 == 1 ? high.y : low.y,
                                 i / 4 == 1 ? high.z : low.z});
    }
    mesh.triangles = {{0, 2, 1},
                      {1, 2, 3},
                      {4, 5, 6},
                      {5, 7, 6},
                      {0, 1, 4},
                      {1, 5, 4},
                      {2, 6, 3},
                      {3, 6, 7},
                      {0, 4, 2},
                      {2, 4, 6},
                      {1, 3, 5},
                      {3, 7, 5}};
    return mesh;
}

void add(geometry::Mesh& mesh, const geometry::Mesh& other) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    mesh.vertices.insert(mesh.vertices.end(), other.vertices.begin(), other.vertices.end());
    for (const auto& [a, b, c] : other.triangles)
        mesh.triangles.push_back({a + first, b + first, c + first});
}

}  // namespace

TEST_CASE("a check says the same whatever the number of threads") {
    SECTION("of parts that can be made") {
        for (const char* name : {"wall_hook/wall_hook.stl",
                                 "hose_coupling/hose_coupling.stl",
                                 "tool_rack/tool_rack.stl"}) {
            INFO(name);
            same_on_any_threads(bytes_in(tests::source_folder() + "/examples/designs/" + name));
        }
    }
    SECTION("of a plate") {
        same_on_any_threads(geometry::write_stl(box({0, 0, 0}, {80, 50, 3})));
    }
    SECTION("of shells that cut each other") {
        geometry::Mesh mesh = box({0, 0, 0}, {20, 20, 20});
        add(mesh, box({10, 10, 10}, {30, 30, 30}));
        add(mesh, box({40, 0, 0}, {45, 5, 5}));
        same_on_any_threads(geometry::write_stl(mesh));
    }
    SECTION("of a mesh with a hole, where widths mean nothing") {
        geometry::Mesh mesh = box({0, 0, 0}, {20, 20, 20});
        mesh.triangles.pop_back();
        same_on_any_threads(geometry::write_stl(mesh));
    }
    SECTION("of a mesh that is inside out") {
        geometry::Mesh mesh = box({0, 0, 0}, {20, 20, 20});
        for (auto& triangle : mesh.triangles)
            std::swap(triangle[0], triangle[1]);
        same_on_any_threads(geometry::write_stl(mesh));
    }
}

TEST_CASE("a step waits for those it comes after, and each is run once") {
    for (const unsigned threads : {1U, 2U, 5U}) {
        std::atomic<int> first{0};
        std::atomic<int> second{0};
        std::atomic<bool> in_order{true};
        std::vector<CheckStep> steps;
        for (int i = 0; i < 20; ++i)
            steps.push_back({"first", 0.1, {}, [&first] { ++first; }});
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < steps.size(); ++i)
            all.push_back(i);
        for (int i = 0; i < 20; ++i) {
            steps.push_back({"second", 0.5, all, [&] {
                                 if (first != 20) in_order = false;
                                 ++second;
                             }});
        }
        int told = 0;
        cli::run_steps(steps, threads, [&told](std::string_view, double) { ++told; });
        CHECK(in_order);
        CHECK(first == 20);
        CHECK(second == 20);
        CHECK(told == 40);
    }
}

TEST_CASE("what a step throws comes out, and no further step is begun") {
    std::atomic<int> later{0};
    const std::vector<CheckStep> steps{{"fails", 0, {}, [] { throw std::runtime_error("no"); }},
                                       {"later", 0, {0}, [&later] { ++later; }}};
    CHECK_THROWS_AS(cli::run_steps(steps, 2), std::runtime_error);
    CHECK(later == 0);
}
