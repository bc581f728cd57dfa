// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_path.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;
constexpr double pi = std::numbers::pi;

Drawing path(std::string_view data) {
    return drawing_of_svg(svg("<path d=\"" + std::string{data} + "\"/>"));
}

// The points as the page has them: y down from its upper edge.
std::vector<Vec2> points(const Path& drawn) {
    std::vector<Vec2> all;
    for (const PathPoint& point : drawn.points)
        all.push_back({point.at.x, 100 - point.at.y});
    return all;
}

void check_points(std::string_view data, const std::vector<Vec2>& expected) {
    INFO(data);
    const auto got = points(path(data).paths.at(0));
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        CHECK(got[i].x == Approx(expected[i].x).margin(1e-9));
        CHECK(got[i].y == Approx(expected[i].y).margin(1e-9));
    }
}

TEST_CASE("lines of all kinds, absolute and relative, give the same points") {
    const std::vector<Vec2> steps{{1, 2}, {5, 2}, {5, 9}, {8, 10}};
    check_points("M1 2 L5 2 L5 9 L8 10", steps);
    check_points("M1 2H5V9L8 10", steps);
    check_points("m1 2h4v7l3 1", steps);
    check_points("m 1,2 4,0 0,7 3,1", steps);  // Lines after a moveto.
    check_points("M1 2 5 2 5 9 8 10", steps);
    check_points(" M 1 , 2 H 5 V 9 L 8 10 ", steps);
}

TEST_CASE("numbers end where they cannot go on") {
    check_points("M1.5.5-3-2", {{1.5, 0.5}, {-3, -2}});
    check_points("M+1e1-2E-1.5.5", {{10, -0.2}, {0.5, 0.5}});
    check_points("M.5.5.5 1", {{0.5, 0.5}, {0.5, 1}});
    check_points("M0 0L1.,2.", {{0, 0}, {1, 2}});
}

TEST_CASE("flags of arcs need no blanks round them") {
    for (const char* data :
         {"M0 0A1 1 0 0 1 2 0", "M0 0a1 1 0 012 0", "M0,0a1,1,0,0,1,2,0", "M0 0a1 1 0 01 2 0"}) {
        INFO(data);
        CHECK(length_of_all(path(data)) == Approx(pi));
    }
    CHECK(length_of_all(path("M0 0a1 1 0 01.5.5")) > 0.7);
}

TEST_CASE("an arc takes the way that its flags say") {
    const auto length = [](std::string_view flags) {
        return length_of_all(path("M10 0A10 10 0 " + std::string{flags} + " 0 10"));
    };
    CHECK(length("0 0") == Approx(5 * pi));
    CHECK(length("0 1") == Approx(5 * pi));
    CHECK(length("1 0") == Approx(15 * pi));
    CHECK(length("1 1") == Approx(15 * pi));
    // Sweep 1 is clockwise on a page whose y axis points down: the centre is (0, 0).
    CHECK(bounds_of(path("M10 0A10 10 0 0 1 0 10"))->size().x == Approx(10));
    CHECK(bounds_of(path("M10 0A10 10 0 1 1 0 10"))->size().x == Approx(20));
    CHECK(path("M10 0A10 10 0 1 1 0 10").paths[0].points.size() == 3);
    // Radii that are too small grow to a half circle; a radius of 0 is a line.
    CHECK(length_of_all(path("M0 0A1 1 0 0 1 10 0")) == Approx(5 * pi));
    CHECK(length_of_all(path("M0 0A0 5 0 0 1 10 0")) == Approx(10));
    // An ellipse turned by 90 degrees.
    const Drawing turned = path("M0 0A10 5 90 0 1 10 0");
    CHECK(bounds_of(turned)->size().y == Approx(10).margin(0.02));
}

TEST_CASE("curves run through their true points") {
    const auto on_curve = [](std::string_view data, double y_at_5) {
        INFO(data);
        const auto all = points(path(data).paths.at(0));
        double nearest = 1e9;
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            if ((all[i].x - 5) * (all[i + 1].x - 5) > 0) continue;
            const double part = (5 - all[i].x) / (all[i + 1].x - all[i].x);
            nearest = all[i].y + part * (all[i + 1].y - all[i].y);
        }
        CHECK(nearest == Approx(y_at_5).margin(0.01));
    };
    on_curve("M0 0Q5 10 10 0", 5);
    on_curve("M0 0q5 10 10 0", 5);
    on_curve("M0 0C2 8 8 8 10 0", 6);
    on_curve("M0 0c2 8 8 8 10 0", 6);
    // The first control point is the mirror of the last one: (0,0) (2,-8) (8,8) (10,0) at t = 1/2.
    on_curve("M-10 0C-8 8 -2 8 0 0S8 8 10 0", 0);
    on_curve("M-10 0Q-5 10 0 0T10 0", -5);
    on_curve("M-10 0q5 10 10 0t10 0", -5);
    // Without such a curve before, it is where the pen is.
    on_curve("M0 0S10 10 10 0", 3.75 * 0 + 3 * 0.5 * 0.25 * 10);
}

TEST_CASE("a cubic that draws a circle's quarter becomes an arc") {
    const double k = 0.5522847498;
    const std::string data =
        "M10 0C10 " + std::to_string(10 * k) + " " + std::to_string(10 * k) + " 10 0 10";
    const Drawing drawing = path(data);
    REQUIRE(drawing.paths[0].points.size() == 2);
    CHECK(length_of_all(drawing) == Approx(5 * pi).epsilon(1e-3));
    // The same with a radius of 100 is further from the circle than the tolerance.
    const std::string large =
        "M100 0C100 " + std::to_string(100 * k) + " " + std::to_string(100 * k) + " 100 0 100";
    CHECK(path(large).paths[0].points.size() > 10);
}

TEST_CASE("a closed path goes on from its beginning") {
    const Drawing drawing = path("M1 1h2v2h-2zl0 5");
    REQUIRE(drawing.paths.size() == 2);
    CHECK(drawing.paths[0].closed);
    CHECK(drawing.paths[0].points.size() == 4);
    CHECK_FALSE(drawing.paths[1].closed);
    CHECK(points(drawing.paths[1])[0].x == Approx(1));
    CHECK(points(drawing.paths[1])[1].y == Approx(6));
    // A last point at the first is not repeated.
    CHECK(path("M1 1h2v2h-2v-2z").paths[0].points.size() == 4);
}

TEST_CASE("broken path data is refused with the character") {
    const auto broken = [](std::string_view data) {
        return error_of_svg(svg("\n<path d=\"" + std::string{data} + "\"/>")).message;
    };
    CHECK_THAT(broken("L1 1"), Contains("line 2 (path), character 1: a path begins with M"));
    CHECK_THAT(broken("M nan 0"), Contains("character 3") && Contains("nan"));
    CHECK_THAT(broken("M0 0L1e999 5"), Contains("finite"));
    CHECK_THAT(broken("M0 0L5"), Contains("should be"));
    CHECK_THAT(broken("M0 0X5 5"), Contains("no path command"));
    CHECK_THAT(broken("M0 0a1 1 0 2 0 5 5"), Contains("should be"));
    CHECK_THAT(broken("M0 0L0x10 5"), Contains("should be") || Contains("no path command"));
}

}  // namespace
}  // namespace nearfab::geometry
