// SPDX-License-Identifier: GPL-3.0-or-later
// Overhangs, bridges, support and starts of parts whose answers are known in closed form.

#include "geometry/process/overhang.hpp"

#include "tests/geometry/process/process_parts.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;

// A stem 10 x 20 x 30 below a bar 50 x 20 x 5: two arms of 20 mm without anything below.
Mesh tee() {
    return blocks({-25, -5, 5, 25}, {0, 20}, {0, 30, 35}, [](const Vec3& p) {
        return p.z > 30 || std::abs(p.x) < 5;
    });
}

// Two pillars 10 mm wide, `gap` apart, under a plate.
Mesh portal(double gap) {
    return blocks(
        {-gap / 2 - 10, -gap / 2, gap / 2, gap / 2 + 10}, {0, 12}, {0, 15, 18}, [&](const Vec3& p) {
            return p.z > 15 || std::abs(p.x) > gap / 2;
        });
}

TEST_CASE("a column field cuts a closed part without losing volume") {
    const Mesh ball = mesh_of(sphere(10, 60));
    const ColumnField columns(ball, frame_with_up({0.3, -0.2, 0.9}));
    CHECK(columns.doubtful_share() == 0);
    CHECK(columns.volume_mm3() == Approx(mass_point(ball).volume_mm3).epsilon(2e-3));
    const ColumnField brick(mesh_of(box({0, 0, 0}, {12, 8, 5})), frame_with_up({0, 0, 1}));
    CHECK(brick.volume_mm3() == Approx(480).epsilon(3e-3));
    CHECK(brick.at(0, 0).front().top == 5);
}

TEST_CASE("a frame turns a point there and back, and axes keep their order") {
    const Frame up_z = frame_with_up({0, 0, 2});
    CHECK(up_z.right == Vec3{1, 0, 0});
    CHECK(up_z.ahead == Vec3{0, 1, 0});
    CHECK(frame_with_up({1, 0, 0}).right == Vec3{0, 1, 0});
    CHECK(frame_with_up({0, 1, 0}).right == Vec3{0, 0, 1});
    const Frame skew = frame_with_up({1, -2, 3});
    const Vec3 p = skew.back(skew.turned({4, 5, 6}));
    CHECK(p.x == Approx(4));
    CHECK(p.y == Approx(5));
    CHECK(p.z == Approx(6));
}

TEST_CASE("the arms of a T hang, and need support down to the bed") {
    const Overhangs o = overhangs_of(tee(), {0, 0, 1});
    CHECK(o.overhang_area_mm2 == Approx(2 * 20 * 20));
    CHECK(o.contact_area_mm2 == Approx(10 * 20));
    CHECK(o.band_area_mm2.back() == Approx(800));
    CHECK(o.support_volume_mm3 == Approx(800 * 30).epsilon(0.01));
    REQUIRE(o.regions.size() == 2);
    CHECK(o.regions[0].kind == OverhangKind::ceiling);
    CHECK(std::abs(o.regions[0].centre.x) == Approx(15));
    CHECK(o.regions[0].centre.z == Approx(30));
    CHECK(o.regions[0].height_mm == Approx(30));
    CHECK(o.regions[0].angle_deg == Approx(90));
    CHECK(o.starts.on_bed == 1);
    CHECK(o.starts.in_air == 0);
}

TEST_CASE("a T on its head needs no support at all") {
    const Overhangs o = overhangs_of(tee(), {0, 0, -1});
    CHECK(o.overhang_area_mm2 == 0);
    CHECK(o.support_volume_mm3 == 0);
    CHECK(o.contact_area_mm2 == Approx(50 * 20));
}

TEST_CASE("a ceiling held on two sides is a bridge with its span") {
    const Overhangs narrow = overhangs_of(portal(8), {0, 0, 1});
    REQUIRE(narrow.regions.size() == 1);
    CHECK(narrow.regions[0].kind == OverhangKind::bridge);
    CHECK(narrow.regions[0].span_mm == Approx(8).margin(0.25));
    CHECK(narrow.support_volume_mm3 == Approx(0).margin(1));
    const Overhangs wide = overhangs_of(portal(40), {0, 0, 1});
    REQUIRE(wide.regions.size() == 1);
    CHECK(wide.regions[0].kind == OverhangKind::bridge);
    CHECK(wide.longest_bridge_mm == Approx(40).margin(0.5));
    CHECK(wide.support_volume_mm3 == Approx(40 * 12 * 15).epsilon(0.02));
}

TEST_CASE("a cube on its corner hangs on three sides, steeper than 45 degrees is the limit") {
    const Mesh part = mesh_of(cube(10));
    const Overhangs o = overhangs_of(part, {1, 1, 1});
    // The three lower faces look down with sine 1/sqrt(3): 35.3 degrees from the vertical.
    CHECK(o.overhang_area_mm2 == 0);
    CHECK(o.band_area_mm2[1] == Approx(300));
    CHECK(o.height_mm == Approx(10 * std::sqrt(3.0)));
    CHECK(o.starts.on_bed == 1);
    OverhangOptions strict;
    strict.limit_deg = 30;
    const Overhangs s = overhangs_of(part, {1, 1, 1}, strict);
    CHECK(s.overhang_area_mm2 == Approx(300));
    REQUIRE(s.regions.size() == 1);
    CHECK(s.regions[0].angle_deg == Approx(35.26).margin(0.01));
    // The prism over the shadow holds 3 s^3; the cube takes s^3 of it, half of the rest is below.
    CHECK(s.support_volume_mm3 == Approx(1000).epsilon(0.01));
}

TEST_CASE("the overhang of a ball is its lower cap") {
    const Overhangs o = overhangs_of(mesh_of(sphere(20, 90)), {0, 0, 1});
    const double cap = 2 * std::numbers::pi * 20 * 20 * (1 - std::sqrt(0.5));
    CHECK(o.overhang_area_mm2 + o.contact_area_mm2 == Approx(cap).epsilon(0.05));
    REQUIRE(o.regions.size() == 1);
    CHECK(o.regions[0].kind == OverhangKind::slope);
}

TEST_CASE("what starts in the air is found, the floor of a pocket is not") {
    // A portal from whose plate a rod hangs down to 5 mm above the bed.
    const Mesh part =
        blocks({-20, -10, -2, 2, 10, 20}, {0, 4, 8, 12}, {0, 5, 15, 18}, [](const Vec3& p) {
            if (p.z > 15 || std::abs(p.x) > 10) return true;
            return std::abs(p.x) < 2 && p.y > 4 && p.y < 8 && p.z > 5;
        });
    const Overhangs o = overhangs_of(part, {0, 0, 1});
    CHECK(o.starts.on_bed == 2);
    REQUIRE(o.starts.in_air == 1);
    CHECK(o.starts.islands[0].height_mm == Approx(5));
    CHECK(o.starts.islands[0].flat_area_mm2 == Approx(16));
    CHECK(o.starts.islands[0].place.z == Approx(5));
    const Mesh bowl = pocketed_block(rounded_rectangle(40, 40, 0, 0), circle(15, 40), 20, 10);
    CHECK(overhangs_of(bowl, {0, 0, 1}).starts.in_air == 0);
    // Upside down the floor is a round ceiling, held all around.
    const Overhangs upside = overhangs_of(bowl, {0, 0, -1});
    REQUIRE(upside.regions.size() == 1);
    CHECK(upside.regions[0].kind == OverhangKind::bridge);
    CHECK(upside.regions[0].span_mm == Approx(30).margin(1));
}

TEST_CASE("a mesh that is not closed says how far it can be trusted") {
    Triangles open = cube(10);
    open.resize(10);
    const Overhangs o = overhangs_of(mesh_of(open), {0, 0, 1});
    CHECK(o.doubtful_share >= 0);
    open = cube(10);
    open.erase(open.begin());
    CHECK(overhangs_of(mesh_of(open), {0, 0, 1}).doubtful_share == Approx(0.5).margin(0.05));
}

}  // namespace
}  // namespace nearfab::geometry
