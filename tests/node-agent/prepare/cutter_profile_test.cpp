// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/cutter_profile.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::agent {
namespace {

const std::string laser_text = R"(kind = "laser"
dialect = "grbl"
[machine]
s_max = 1000
feed_max_mm_min = 6000
rapid_mm_min = [6000, 6000, 500]
acceleration_mm_s2 = [500, 500, 50]
[[material]]
id = "plywood_birch"
thickness_mm = 3
source = "a test cut"
sheet_mm = [300, 200]
kerf_mm = 0.2
cut = {power = 0.8, feed_mm_min = 500, passes = 2}
score = {power = 0.1, feed_mm_min = 1000}
engrave = {power = 0.2, feed_mm_min = 3000}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

Error refused(const std::string& text) {
    const auto profile = parse_cutter_profile(text, "laser.toml");
    REQUIRE_FALSE(profile);
    CHECK(profile.error().code == ErrorCode::config);
    CHECK_FALSE(profile.error().next.empty());
    return profile.error();
}

TEST_CASE("a laser's profile is read with its rows", "[cutter_profile]") {
    const auto profile = parse_cutter_profile(laser_text, "laser.toml");
    if (!profile) FAIL(profile.error().message);
    CHECK(profile->kind == CutterKind::laser);
    REQUIRE(profile->materials.size() == 1);
    const CutterMaterial& row = profile->materials.front();
    CHECK(row.laser.kerf_mm == 0.2);
    CHECK(row.laser.cut.passes == 2);
    CHECK(row.laser.s_max == 1000);
    CHECK(row.source == "a test cut");
    CHECK(limits_for(*profile, row).area_mm == geometry::Vec2{300, 200});
}

TEST_CASE("the profiles of the examples are right", "[cutter_profile]") {
    for (const char* name : {"laser.toml", "mill.toml"}) {
        const auto profile =
            load_cutter_profile(tests::source_folder() + "/examples/profiles/" + name);
        if (!profile) FAIL(profile.error().message);
        CHECK(profile->materials.size() >= 4);
    }
}

TEST_CASE("faults are named with file and line", "[cutter_profile]") {
    CHECK(refused(replaced(laser_text, "kerf_mm = 0.2", "kerf_mm = 20"))
              .message.find("laser.toml:13") != std::string::npos);
    CHECK(refused(replaced(laser_text, "source = \"a test cut\"\n", "")).message.find("source") !=
          std::string::npos);
    CHECK(refused(replaced(laser_text, "power = 0.8", "power = 1.5")).message.find("power") !=
          std::string::npos);
    CHECK(refused(replaced(laser_text, "kerf_mm", "kerf")).message.find("kerf") !=
          std::string::npos);
    // Faster than the machine.
    (void)refused(replaced(laser_text, "feed_mm_min = 3000", "feed_mm_min = 7000"));
    (void)refused(replaced(laser_text, "\"grbl\"", "\"marlin\""));
}

TEST_CASE("no laser is told to cut what gives off poison", "[cutter_profile]") {
    for (const char* id : {"pc", "abs", "hdpe"}) {
        const Error error = refused(replaced(laser_text, "plywood_birch", id));
        CHECK(error.message.find("poison") != std::string::npos);
    }
}

TEST_CASE("the row is found by material and thickness, or what there is is said",
          "[cutter_profile]") {
    const auto profile = parse_cutter_profile(
        laser_text + replaced(laser_text.substr(laser_text.find("[[material]]")),
                              "thickness_mm = 3",
                              "thickness_mm = 6"),
        "laser.toml");
    if (!profile) FAIL(profile.error().message);
    const MaterialId ply{"plywood_birch"};
    CHECK(material_row(*profile, ply, 3.05)->thickness_mm == 3);
    CHECK(material_row(*profile, ply, 6)->thickness_mm == 6);
    CHECK(material_row(*profile, ply, 4).error().message.find("only for 3 mm, 6 mm") !=
          std::string::npos);
    CHECK(material_row(*profile, ply, std::nullopt).error().message.find("not given") !=
          std::string::npos);
    CHECK(material_row(*profile, MaterialId{"acrylic"}, 3).error().message.find("acrylic") !=
          std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
