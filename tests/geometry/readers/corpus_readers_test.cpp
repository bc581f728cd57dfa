// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/weld.hpp"
#include "tests/geometry/readers/soup_checks.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

// The readers against the collection that NEARFAB_CORPUS names: truth.json holds what three other
// programs agree on, bad/manifest.json what is to happen to each broken file.

namespace nearfab::geometry {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using namespace sample;

fs::path corpus() {
    const char* const folder = std::getenv("NEARFAB_CORPUS");
    return folder == nullptr ? fs::path{} : fs::path{folder};
}

bool skipped() {
    if (!corpus().empty()) return false;
    WARN("skipped: set NEARFAB_CORPUS to the folder of the file collection");
    return true;
}

std::vector<std::uint8_t> bytes_in(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_mesh(const std::string& name) {
    static const std::set<std::string> endings{".stl", ".STL", ".3mf", ".3MF", ".obj", ".off"};
    return endings.contains(fs::path(name).extension().string());
}

// Coordinates are kept as float32, the truth of text files is in float64.
Approx nearly(double value) {
    return Approx(value).epsilon(2e-6).margin(1e-12);
}

// Where the reader means to differ from the truth table, and why it is right.
struct Difference {
    bool refused = false;
    bool other_triangles = false;  // Same corners, another cut of polygons.
    const char* why = "";
};
const std::map<std::string, Difference> differences{
    {"real/assimp/malformed2.obj", {true, false, "a face without corners is damage, not decor"}},
    {"real/trimesh/notenoughindices.obj", {true, false, "a face of two corners is damage"}},
    {"real/manifold/Cray_right.obj", {true, false, "coordinates of 3e38 are beyond the limit"}},
    {"real/assimp/concave_polygon.obj",
     {false, true, "the truth fans a concave polygon, which overlaps itself"}},
    {"real/assimp/box_longline.obj",
     {false, true, "faces that walk round a square a hundred times have no right cut"}},
    {"real/prusa/extruder_idler_quads.obj", {false, true, "the truth fans concave quads"}},
    {"real/cgal/double-torus-3-holes.off",
     {false, true, "polygons that are not flat have no one area; the truth fans them"}},
    {"real/cgal/mpi.off", {false, true, "the truth fans concave polygons"}},
};

Difference difference_of(const std::string& name) {
    const auto found = differences.find(name);
    return found == differences.end() ? Difference{} : found->second;
}

std::string format_of(const json& known) {
    const auto name = known.at("format").get<std::string>();
    if (name == "stl-binary") return "stl_binary";
    return name == "stl-ascii" ? "stl_ascii" : name;
}

void compare(const TriangleSoup& soup, const json& known, const Difference& difference) {
    CHECK(to_string(soup.format) == format_of(known));
    CHECK(soup.triangles.size() == known.at("triangles").get<std::size_t>());
    const Bounds bounds = bounds_of(soup);
    const std::array<double, 3> low{bounds.min.x, bounds.min.y, bounds.min.z};
    const std::array<double, 3> high{bounds.max.x, bounds.max.y, bounds.max.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        CHECK(low[axis] == nearly(known.at("bbox_min").at(axis).get<double>()));
        CHECK(high[axis] == nearly(known.at("bbox_max").at(axis).get<double>()));
    }
    if (known.contains("unit") && !known.at("unit").is_null()) {
        CHECK(to_string(soup.unit) ==
              (known.at("unit") == "millimeter" ? "millimetre" : known.at("unit")));
    } else {
        CHECK(soup.unit == Unit::unstated);
    }
    if (difference.other_triangles) return;
    const double area = known.at("area").get<double>();
    CHECK(area_mm2(soup) == Approx(area).epsilon(1e-5));
    const bool oriented = known.at("oriented").get<bool>() && known.at("closed_exact").get<bool>();
    if (!oriented) return;  // The volume of an open mesh hangs on where the origin is.
    CHECK(is_closed(soup));
    CHECK(signed_volume_mm3(soup) == Approx(known.at("signed_volume").get<double>())
                                         .epsilon(1e-5)
                                         .margin(1e-7 * area * std::abs(high[0])));
}

TEST_CASE("every real mesh of the collection is read as the truth table says") {
    if (skipped()) return;
    const json truth = json::parse(std::ifstream(corpus() / "truth.json")).at("files");
    int compared = 0;
    for (const auto& [name, known] : truth.items()) {
        if (!is_mesh(name)) continue;
        const Difference difference = difference_of(name);
        const Result<TriangleSoup> soup = read_soup(bytes_in(corpus() / name));
        INFO(name << (soup ? "" : ": " + soup.error().message));
        const bool readable = known.value("readable", false) && known.at("triangles") != 0;
        if (!readable || difference.refused) {
            CHECK_FALSE(soup);
            continue;
        }
        if (!soup && soup.error().code == ErrorCode::too_large) {
            double largest = 0;
            for (const char* corner : {"bbox_min", "bbox_max"}) {
                for (const json& value : known.at(corner))
                    largest = std::max(largest, std::abs(value.get<double>()));
            }
            CHECK(largest > ReadLimits{}.coordinate_mm);
            continue;
        }
        CHECK(soup);
        if (!soup) continue;
        compare(*soup, known, difference);
        CHECK(weld(*soup).mesh.vertices.size() ==
              known.at("vertices_merged_exact").get<std::size_t>());
        ++compared;
    }
    CHECK(compared >= 90);
}

// Refused by the whole report, not by the reader: as triangles these are well-formed.
const std::set<std::string> left_to_the_report{
    "bad/off/nonplanar_poly.off",
    "bad/geom/all_same_point.stl",
    "bad/geom/all_collinear.stl",
    "bad/geom/duplicate_shell_opposite.stl",
    "bad/geom/moebius.stl",
    "bad/geom/klein_bottle.stl",
    "bad/geom/random_soup_2000.stl",
};

TEST_CASE("every bad mesh of the collection is refused or read as the manifest says") {
    if (skipped()) return;
    const json manifest = json::parse(std::ifstream(corpus() / "bad" / "manifest.json"));
    int seen = 0;
    for (const json& entry : manifest) {
        const auto name = entry.at("file").get<std::string>();
        if (!is_mesh(name)) continue;
        const Result<TriangleSoup> soup = read_soup(bytes_in(corpus() / name));
        INFO(name << ": " << entry.at("why").get<std::string>()
                  << (soup ? "" : ": " + soup.error().message));
        const bool refuse = entry.at("expect") == "reject" && !left_to_the_report.contains(name);
        CHECK(soup.has_value() == !refuse);
        if (!soup) CHECK_FALSE(soup.error().next.empty());
        if (std::getenv("NEARFAB_CORPUS_VERBOSE") != nullptr) {
            WARN(name << ": " << (soup ? "read" : soup.error().message));
        }
        ++seen;
    }
    CHECK(seen >= 80);
}

TEST_CASE("files of other kinds in the collection are refused by name or by sum") {
    if (skipped()) return;
    for (const auto& entry : fs::recursive_directory_iterator(corpus())) {
        const std::string name = entry.path().string();
        if (!entry.is_regular_file() || is_mesh(name)) continue;
        const Result<TriangleSoup> soup = read_soup(bytes_in(entry.path()));
        INFO(name);
        CHECK_FALSE(soup);
    }
}

}  // namespace
}  // namespace nearfab::geometry
