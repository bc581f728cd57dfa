// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/motion_time.hpp"

#include "toolpath/kinematics.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::toolpath {
namespace {

const MachineMotion machine{{6000, 6000, 600}, {400, 400, 50}, 0.01};

Toolpath through(std::vector<Vec2> places, double feed) {
    Toolpath path;
    for (const Vec2& p : places)
        path.moves.push_back({MoveKind::cut, {p.x, p.y, 0}, 0, feed, 1});
    return path;
}

TEST_CASE("a long line takes its length over its speed and one ramp more", "[time]") {
    // v = 100 mm/s, a = 400: both ramps together 25 mm and 0.5 s.
    CHECK(time_s(through({{500, 0}}, 6000), machine) == Approx(500.0 / 100 + 100.0 / 400));
}

TEST_CASE("a short line never reaches its speed", "[time]") {
    // Up and down within 4 mm: t = 2 sqrt(L / a).
    CHECK(time_s(through({{4, 0}}, 6000), machine) == Approx(2 * std::sqrt(4.0 / 400)));
}

TEST_CASE("a reversal stops, a straight joint does not", "[time]") {
    const double there = time_s(through({{100, 0}}, 6000), machine);
    CHECK(time_s(through({{100, 0}, {0, 0}}, 6000), machine) == Approx(2 * there));
    CHECK(time_s(through({{50, 0}, {100, 0}}, 6000), machine) == Approx(there));
}

TEST_CASE("the corner speed of a right angle is that of the junction deviation", "[time]") {
    // The change points along (-1, 1) / sqrt 2, so the acceleration is 400 sqrt 2.
    const double half = std::sqrt(0.5);
    const double expected = std::sqrt(400 * std::sqrt(2.0) * 0.01 * half / (1 - half));
    CHECK(junction_mm_s({1, 0, 0}, {0, 1, 0}, machine) == Approx(expected));
    CHECK(junction_mm_s({1, 0, 0}, {-1, 0, 0}, machine) == 0);
}

TEST_CASE("the slow axis decides", "[time]") {
    CHECK(along_limit({0, 0, 1}, {100, 100, 10}) == 10);
    CHECK(along_limit({std::sqrt(0.5), std::sqrt(0.5), 0}, {100, 100, 10}) ==
          Approx(100 * std::sqrt(2.0)));
}

// Times of a real GRBL 1.1h on a simulated AVR (accelerations 400, rates 6000, $11 = 0.01).
TEST_CASE("the model is within a few per cent of the times a real GRBL took", "[time]") {
    CHECK(time_s(through({{40, 0}, {40, 40}, {0, 40}, {0, 0}}, 1500), machine) ==
          Approx(6.67).epsilon(0.03));
}

}  // namespace
}  // namespace nearfab::toolpath
