// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_motion.hpp"

#include <catch2/catch.hpp>

#include <numbers>

namespace nearfab::agent {
namespace {

GcodeLine line_of(std::string_view text) {
    GcodeReader reader{text};
    GcodeLine line;
    REQUIRE(reader.next(line).value());
    return line;
}

TEST_CASE("absolute and relative moves end where the firmware would be") {
    Motion motion{{}, 25};
    CHECK(motion.move(line_of("G1 X10 Y5 F600")).to == geometry::Vec3{10, 5, 0});
    motion.set_mode(line_of("G91"));
    const Move move = motion.move(line_of("G1 X-2 Z1"));
    CHECK(move.to == geometry::Vec3{8, 5, 1});
    CHECK(move.feed_mm_s == 10);
    motion.set_mode(line_of("G90"));
    CHECK(motion.move(line_of("G0 X1")).to == geometry::Vec3{1, 5, 1});
}

TEST_CASE("the extruder follows G90 and G91 too, until M82 or M83") {
    Motion motion{{}, 25};
    CHECK(motion.move(line_of("G1 E5")).extruded_mm == 5);
    CHECK(motion.move(line_of("G1 E5")).extruded_mm == 0);
    motion.set_mode(line_of("G92 E0"));
    CHECK(motion.move(line_of("G1 E5")).extruded_mm == 5);
    motion.set_mode(line_of("G91"));
    CHECK(motion.move(line_of("G1 E5")).extruded_mm == 5);
    motion.set_mode(line_of("M82"));
    CHECK(motion.move(line_of("G1 E5")).extruded_mm == -5);
    motion.set_mode(line_of("M83"));
    CHECK(motion.move(line_of("G1 E-1")).extruded_mm == -1);
}

TEST_CASE("homing brings only the named axes home") {
    Motion motion{{0, 200, 0}, 25};
    (void)motion.move(line_of("G1 X10 Y10 Z10"));
    motion.home(line_of("G28 X Y"));
    CHECK(motion.position() == geometry::Vec3{0, 200, 10});
    motion.home(line_of("G28"));
    CHECK(motion.position() == geometry::Vec3{0, 200, 0});
}

TEST_CASE("an arc sweeps as far as its circle goes, not only to its end") {
    Motion motion{{}, 25};
    (void)motion.move(line_of("G0 X10 Y0"));
    const Move half = motion.move(line_of("G3 X-10 Y0 I-10 J0"));  // Over the top.
    CHECK(length_mm(half) == Approx(std::numbers::pi * 10));
    CHECK(swept_box(half).max.y == Approx(10));
    CHECK(swept_box(half).min.y == Approx(0).margin(1e-9));
    const Move back = motion.move(line_of("G3 X10 Y0 I10 J0"));  // Below.
    CHECK(swept_box(back).min.y == Approx(-10));
    const Move circle = motion.move(line_of("G2 I-10 J0"));
    CHECK(length_mm(circle) == Approx(2 * std::numbers::pi * 10));
    CHECK(swept_box(circle).min.x == Approx(-10));
    CHECK(radius_error_mm(circle) == Approx(0).margin(1e-9));
    CHECK(radius_error_mm(motion.move(line_of("G2 X0 Y0 I-10"))) == Approx(10));
}

TEST_CASE("a quarter arc touches only the directions it crosses") {
    Motion motion{{}, 25};
    (void)motion.move(line_of("G0 X10 Y0"));
    const geometry::Bounds box = swept_box(motion.move(line_of("G3 X0 Y10 I-10 J0 Z3")));
    CHECK(box.min.x == Approx(0).margin(1e-9));
    CHECK(box.max.x == Approx(10));
    CHECK(box.max.y == Approx(10));
    CHECK(box.max.z == 3);
}

}  // namespace
}  // namespace nearfab::agent
