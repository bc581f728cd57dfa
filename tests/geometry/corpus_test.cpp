// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_report.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <set>

// These tests use a collection of real and broken files that is not part of the repository.
// NEARFAB_CORPUS names its folder: real/ and bad/ with files, truth.json with what is known of
// the real ones.

namespace nearfab::geometry {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sample::Bytes;

fs::path corpus() {
    const char* const folder = std::getenv("NEARFAB_CORPUS");
    return folder == nullptr ? fs::path{} : fs::path{folder};
}

bool skipped() {
    if (!corpus().empty()) return false;
    WARN("skipped: set NEARFAB_CORPUS to the folder of the file collection");
    return true;
}

Bytes bytes_in(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> stl_files_under(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".stl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

// Coordinates are kept as float32, the truth of text files is in float64.
Approx nearly(double value) {
    return Approx(value).epsilon(2e-6).margin(1e-12);
}

// The truth table joins what shares a vertex, where a shell is what shares edges.
std::uint32_t parts_joined_by_vertices(const Mesh& mesh) {
    std::vector<std::uint32_t> leader(mesh.vertices.size());
    std::iota(leader.begin(), leader.end(), 0U);
    const auto leader_of = [&](std::uint32_t v) {
        while (leader[v] != v)
            v = leader[v] = leader[leader[v]];
        return v;
    };
    for (const auto& [a, b, c] : mesh.triangles) {
        leader[leader_of(b)] = leader_of(a);
        leader[leader_of(c)] = leader_of(a);
    }
    std::set<std::uint32_t> parts;
    for (const auto& t : mesh.triangles)
        parts.insert(leader_of(t[0]));
    return static_cast<std::uint32_t>(parts.size());
}

void compare(const PartReport& report, const Mesh& welded, const json& truth) {
    const MeshFacts& mesh = report.mesh;
    CHECK(to_string(report.format) ==
          (truth.at("format") == "stl-binary" ? "stl_binary" : "stl_ascii"));
    CHECK(mesh.triangles == truth.at("triangles").get<std::uint32_t>());
    CHECK(mesh.vertices == truth.at("vertices_merged_exact").get<std::uint32_t>());
    CHECK(mesh.open_edges == truth.at("boundary_edges").get<std::uint32_t>());
    CHECK(mesh.non_manifold_edges == truth.at("nonmanifold_edges").get<std::uint32_t>());
    CHECK(mesh.misoriented_edges == truth.at("inconsistent_edges").get<std::uint32_t>());
    CHECK(mesh.duplicate_triangles == truth.at("duplicate_faces").get<std::uint32_t>());
    CHECK(mesh.degenerate_triangles == truth.at("degenerate_collapsed").get<std::uint32_t>() +
                                           truth.at("degenerate_zero_area").get<std::uint32_t>());
    const auto components = truth.at("components").get<std::uint32_t>();
    CHECK(parts_joined_by_vertices(welded) == components);
    CHECK((mesh.closed ? mesh.shells == components : mesh.shells >= components));
    CHECK(mesh.closed == truth.at("closed_exact").get<bool>());
    CHECK((mesh.closed && mesh.oriented) == truth.at("oriented").get<bool>());
    CHECK(report.area_mm2 == nearly(truth.at("area").get<double>()));
    const json& volume = truth.at("volume_mm3");
    CHECK(report.volume_mm3 == nearly(volume.is_null() ? 0 : volume.get<double>()));
    const std::array<double, 3> low{report.bounds.min.x, report.bounds.min.y, report.bounds.min.z};
    const std::array<double, 3> high{report.bounds.max.x, report.bounds.max.y, report.bounds.max.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        CHECK(low[axis] == nearly(truth.at("bbox_min").at(axis).get<double>()));
        CHECK(high[axis] == nearly(truth.at("bbox_max").at(axis).get<double>()));
    }
}

TEST_CASE("every real STL of the collection has the known numbers") {
    if (skipped()) return;
    const json truth = json::parse(std::ifstream(corpus() / "truth.json")).at("files");
    int compared = 0;
    for (const fs::path& path : stl_files_under(corpus() / "real")) {
        const std::string name = fs::relative(path, corpus()).generic_string();
        const json& known = truth.at(name);
        const Result<PartReport> report = analyse_part(bytes_in(path));
        INFO(name << (report ? "" : ": " + report.error().message));
        if (known.at("triangles") == 0) {
            CHECK_FALSE(report);
            continue;
        }
        if (!report && report.error().code == ErrorCode::too_large) {
            // Only a file that reaches beyond the limit may be refused for its size.
            double largest = 0;
            for (const char* corner : {"bbox_min", "bbox_max"}) {
                for (const json& value : known.at(corner)) {
                    largest = std::max(largest, std::abs(value.get<double>()));
                }
            }
            CHECK(largest > ReadLimits{}.coordinate_mm);
            continue;
        }
        CHECK(report);
        if (!report) continue;
        const Result<Mesh> welded = read_mesh(bytes_in(path));
        REQUIRE(welded);
        compare(*report, *welded, known);
        ++compared;
    }
    CHECK(compared >= 25);
}

TEST_CASE(
    "every bad STL of the collection gives an error or a finding, but for those that are good") {
    if (skipped()) return;
    // In the collection for what happens to them later; as meshes they are without fault.
    const std::set<std::string> good{"diagonal_fit.stl",
                                     "long_name.stl",
                                     "oversize_1200.stl",
                                     "pin_0_2mm.stl",
                                     "thin_plate_0_05.stl"};
    for (const fs::path& path : stl_files_under(corpus() / "bad")) {
        const std::string name = path.filename().string();
        const Result<PartReport> report = analyse_part(bytes_in(path));
        INFO(path.string());
        if (good.contains(name)) {
            CHECK(report);
            if (report) CHECK(report->makeable());
            continue;
        }
        if (report) {
            CHECK_FALSE(report->findings.empty());
        } else {
            CHECK_FALSE(report.error().message.empty());
            CHECK_FALSE(report.error().next.empty());
        }
        if (std::getenv("NEARFAB_CORPUS_VERBOSE") != nullptr) {
            std::string verdict = report ? report->makeable() ? "makeable" : "not makeable"
                                         : "refused: " + report.error().message;
            for (const Finding& f : report ? report->findings : std::vector<Finding>{}) {
                verdict += "\n  " + f.rule + ": " + f.message;
            }
            WARN(name << ": " << verdict);
        }
    }
}

}  // namespace
}  // namespace nearfab::geometry
