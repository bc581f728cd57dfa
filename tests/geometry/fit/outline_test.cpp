// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/fit/outline.hpp"

#include "geometry/detail/hull.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace nearfab::geometry {
namespace {

double cross(const Vec2& o, const Vec2& a, const Vec2& b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// The largest distance by which a point lies outside an edge line of the polygon.
double outside(const Vec2& p, const std::vector<Vec2>& polygon) {
    double most = -1e9;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vec2& a = polygon[i];
        const Vec2& b = polygon[(i + 1) % polygon.size()];
        most = std::max(most, -cross(a, b, p) / std::hypot(b.x - a.x, b.y - a.y));
    }
    return most;
}

std::vector<Vec2> random_hull(std::mt19937& random, int points, double flatness, double tilt) {
    std::normal_distribution<double> radius(100, 0.01);
    std::uniform_real_distribution<double> turn(0, 2 * std::numbers::pi);
    std::vector<Vec2> cloud;
    for (int i = 0; i < points; ++i) {
        const double t = turn(random);
        const double r = radius(random);
        const Vec2 p{r * std::cos(t), r * std::sin(t) * flatness};
        cloud.push_back({p.x * std::cos(tilt) - p.y * std::sin(tilt) + 37,
                         p.x * std::sin(tilt) + p.y * std::cos(tilt) - 1000});
    }
    return detail::convex_hull(cloud);
}

TEST_CASE("the hull has only the corners, counter-clockwise") {
    const std::vector<Vec2> hull = detail::convex_hull(
        {{0, 0}, {1, 0}, {2, 0}, {2, 2}, {1, 1}, {0, 2}, {0, 1}, {0, 0}, {1, 2}});
    REQUIRE(hull.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(cross(hull[i], hull[(i + 1) % 4], hull[(i + 2) % 4]) > 0);
    }
    CHECK(detail::convex_hull({{1, 1}, {1, 1}}).size() == 1);
    CHECK(detail::convex_hull({{1, 1}, {2, 2}, {3, 3}}).size() == 2);
}

TEST_CASE("a small hull is left as it is") {
    const std::vector<Vec2> hull{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    const Outline outline = simplify_outline(hull, 64);
    CHECK(outline.points == hull);
    CHECK(outline.grown_mm == 0);
}

TEST_CASE("a simplified outline contains the hull, keeps its bounding box and says its growth") {
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        const double flatness = round % 3 == 0 ? 1 : (round % 3 == 1 ? 0.02 : 1e-7);
        const std::vector<Vec2> hull =
            random_hull(random, 500 + round * 50, flatness, round % 2 * 0.7);
        const Outline outline = simplify_outline(hull, 64);
        INFO("round " << round << ", hull of " << hull.size());
        REQUIRE(outline.points.size() <= 64);
        for (const Vec2& p : hull)
            REQUIRE(outside(p, outline.points) <= 1e-12);
        for (const Vec2& p : outline.points)
            REQUIRE(outside(p, hull) <= outline.grown_mm + 1e-9);
        const auto [left, right] = std::minmax_element(
            hull.begin(), hull.end(), [](const Vec2& a, const Vec2& b) { return a.x < b.x; });
        for (const Vec2& p : outline.points) {
            REQUIRE(p.x >= left->x);
            REQUIRE(p.x <= right->x);
        }
        CHECK(outline.grown_mm < 0.4);  // Of 200 mm across.
        for (std::size_t i = 0; i < outline.points.size(); ++i) {
            const std::size_t n = outline.points.size();
            REQUIRE(cross(outline.points[i],
                          outline.points[(i + 1) % n],
                          outline.points[(i + 2) % n]) > 0);
        }
    }
}

TEST_CASE("the three stances look along the three axes") {
    const PartReport report =
        sample::report_on(sample::binary(sample::box({0, 0, 0}, {10, 20, 30})));
    const auto size = [&](std::size_t i) {
        Vec2 most;
        for (const Vec2& p : report.stances[i].outline_mm) {
            most = {std::max(most.x, p.x), std::max(most.y, p.y)};
        }
        return most;
    };
    CHECK(report.stances[0].height_mm == 30);
    CHECK(size(0) == Vec2{10, 20});
    CHECK(report.stances[1].height_mm == 10);
    CHECK(size(1) == Vec2{20, 30});
    CHECK(report.stances[2].height_mm == 20);
    CHECK(size(2) == Vec2{30, 10});
}

TEST_CASE("a cylinder's outline is noted only when it grows by a tenth of a millimetre") {
    CHECK_FALSE(sample::has(sample::report_on(sample::binary(sample::sphere(30, 100))),
                            Severity::note,
                            "outline_simplified"));
    CHECK(sample::has(sample::report_on(sample::binary(sample::sphere(900, 100))),
                      Severity::note,
                      "outline_simplified"));
}

}  // namespace
}  // namespace nearfab::geometry
