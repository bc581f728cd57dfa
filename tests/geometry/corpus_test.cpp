// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/self_intersections.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/flat/drawing_file.hpp"
#include "geometry/part_check.hpp"
#include "tests/geometry/corpus_differences.hpp"
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
// the real ones. corpus_differences.cpp says where the answers differ from it, and why.

namespace nearfab::geometry {
namespace {

namespace fs = std::filesystem;
using corpus::Difference;
using nlohmann::json;
using sample::Bytes;

fs::path folder() {
    const char* const name = std::getenv("NEARFAB_CORPUS");
    return name == nullptr ? fs::path{} : fs::path{name};
}

bool skipped() {
    if (!folder().empty()) return false;
    WARN("skipped: set NEARFAB_CORPUS to the folder of the file collection");
    return true;
}

Bytes bytes_in(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Coordinates are kept as float32, the truth of text files is in float64.
Approx nearly(double value, double epsilon = 2e-6) {
    return Approx(value).epsilon(epsilon).margin(1e-12);
}

std::string format_of(const json& known) {
    const auto name = known.at("format").get<std::string>();
    if (name == "stl-binary") return "stl_binary";
    return name == "stl-ascii" ? "stl_ascii" : name;
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

void compare_edges(const MeshFacts& mesh, const json& known) {
    CHECK(mesh.open_edges == known.at("boundary_edges").get<std::uint32_t>());
    CHECK(mesh.non_manifold_edges == known.at("nonmanifold_edges").get<std::uint32_t>());
    CHECK(mesh.misoriented_edges == known.at("inconsistent_edges").get<std::uint32_t>());
    CHECK(mesh.duplicate_triangles == known.at("duplicate_faces").get<std::uint32_t>());
    CHECK(mesh.degenerate_triangles == known.at("degenerate_collapsed").get<std::uint32_t>() +
                                           known.at("degenerate_zero_area").get<std::uint32_t>());
    CHECK(mesh.closed == known.at("closed_exact").get<bool>());
    // The table calls oriented what has as many edges one way as the other, also where four
    // triangles meet; volumes are given only where inside and outside are defined.
    const bool both = known.at("closed_exact").get<bool>() && known.at("oriented").get<bool>();
    CHECK((mesh.closed && mesh.oriented) == both);
}

void compare(const Part& part, const json& known, const Difference* difference) {
    const PartReport& report = part.report;
    CHECK(to_string(report.format) == format_of(known));
    CHECK(report.mesh.triangles == known.at("triangles").get<std::uint32_t>());
    CHECK(report.mesh.vertices == known.at("vertices_merged_exact").get<std::uint32_t>());
    const auto components = known.at("components").get<std::uint32_t>();
    CHECK(parts_joined_by_vertices(part.mesh) == components);
    CHECK(
        (report.mesh.closed ? report.mesh.shells == components : report.mesh.shells >= components));
    const std::array<double, 3> low{report.bounds.min.x, report.bounds.min.y, report.bounds.min.z};
    const std::array<double, 3> high{report.bounds.max.x, report.bounds.max.y, report.bounds.max.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        CHECK(low[axis] == nearly(known.at("bbox_min").at(axis).get<double>()));
        CHECK(high[axis] == nearly(known.at("bbox_max").at(axis).get<double>()));
    }
    if (difference == nullptr || !difference->other_surface) {
        compare_edges(report.mesh, known);
        CHECK(report.area_mm2 == nearly(known.at("area").get<double>(), 1e-5));
        const json& volume = known.at("volume_mm3");
        const bool given = report.mesh.closed && report.mesh.oriented && !volume.is_null();
        CHECK(report.volume_mm3 == nearly(given ? volume.get<double>() : 0, 1e-5));
    }
    const SelfIntersections found =
        self_intersections(Bvh(part.mesh), topology_of(part.mesh).shell_of);
    CHECK(found.complete);
    const auto in_table = known.at("self_intersecting_pairs").get<std::uint64_t>();
    CHECK(found.pairs ==
          (difference != nullptr ? difference->self_intersections.value_or(in_table) : in_table));
}

TEST_CASE("every readable mesh of the collection has the known numbers") {
    if (skipped()) return;
    const json truth = json::parse(std::ifstream(folder() / "truth.json")).at("files");
    int compared = 0;
    int equal = 0;
    for (const auto& [name, known] : truth.items()) {
        const Difference* const difference = corpus::difference_of(name);
        const Result<Part> part = read_part(bytes_in(folder() / name));
        INFO(name << (part ? "" : ": " + part.error().message));
        const bool readable = known.value("readable", false) && known.at("triangles") != 0;
        const bool refused = difference != nullptr && difference->refused;
        CHECK(part.has_value() == (readable && !refused));
        if (!part) {
            CHECK_FALSE(part.error().next.empty());
            continue;
        }
        if (!readable) continue;
        compare(*part, known, difference);
        ++compared;
        equal += difference == nullptr ? 1 : 0;
    }
    CHECK(compared >= 110);
    CHECK(equal >= 90);
}

std::set<std::string> rules_of(const PartCheck& check) {
    std::set<std::string> rules;
    if (check.solid) {
        for (const Finding& finding : check.solid->report.findings)
            rules.insert(finding.rule);
    } else {
        for (const Remark& remark : check.flat->remarks)
            rules.insert(remark.rule);
    }
    return rules;
}

bool makeable(const PartCheck& check) {
    if (check.solid) return check.solid->report.makeable();
    const auto& remarks = check.flat->remarks;
    return std::none_of(remarks.begin(), remarks.end(), [](const Remark& remark) {
        return remark.level == RemarkLevel::error;
    });
}

// Some process has something to say about it, besides that it is not a plate.
bool remarked_on(const PartCheck& check) {
    return std::any_of(check.verdicts.begin(), check.verdicts.end(), [](const Verdict& verdict) {
        return std::any_of(verdict.reasons.begin(), verdict.reasons.end(), [](const auto& reason) {
            return reason.rule != "not_flat";
        });
    });
}

void compare_with_manifest(const Result<PartCheck>& check,
                           const std::string& expected,
                           std::string_view why_rejected) {
    INFO("the manifest expects: " << expected);
    const bool accepted = check && makeable(*check);
    if (expected == "accept-with-defect-report") {
        REQUIRE(check);
        CHECK((!rules_of(*check).empty() || remarked_on(*check)));
        CHECK(accepted == why_rejected.empty());
        return;
    }
    REQUIRE((expected == "accept" || expected == "reject"));
    CHECK(accepted == (expected == "accept"));
    CHECK(why_rejected.empty());
}

TEST_CASE("every bad file of the collection gets the verdict that it deserves") {
    if (skipped()) return;
    const json manifest = json::parse(std::ifstream(folder() / "bad" / "manifest.json"));
    int seen = 0;
    for (const json& entry : manifest) {
        const auto name = entry.at("file").get<std::string>();
        const Result<PartCheck> check = check_part(bytes_in(folder() / name));
        const std::string short_name = name.substr(std::string_view{"bad/"}.size());
        const corpus::BadFile* const row = corpus::bad_file(short_name);
        INFO(name << ": " << entry.at("why").get<std::string>()
                  << (check ? "" : ": " + check.error().message));
        ++seen;
        if (row == nullptr) {
            // Machine code, which designs never are.
            CHECK(short_name.starts_with("gcode/"));
            CHECK_FALSE(check);
            continue;
        }
        compare_with_manifest(check,
                              entry.at("expect").get<std::string>(),
                              corpus::why_rejected_with_report(short_name));
        const bool too_large = row->expected == "too large";
        if (too_large || row->expected == "refused") {
            REQUIRE_FALSE(check);
            CHECK(check.error().code ==
                  (too_large ? ErrorCode::too_large : ErrorCode::invalid_file));
            CHECK_FALSE(check.error().next.empty());
            continue;
        }
        REQUIRE(check);
        CHECK(makeable(*check) == row->makeable);
        const std::set<std::string> rules = rules_of(*check);
        if (row->expected == "fine") {
            CHECK(rules.empty());
        } else {
            CHECK(rules.contains(std::string{row->expected}));
        }
    }
    CHECK(seen >= 140);
}

}  // namespace
}  // namespace nearfab::geometry
