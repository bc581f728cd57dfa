// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/search/orientation.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

namespace nearfab::geometry {
namespace {

TEST_CASE("a point has a side of a plane, and swapping two points swaps the side") {
    const Vec3 a{0, 0, 0};
    const Vec3 b{1, 0, 0};
    const Vec3 c{0, 1, 0};
    CHECK(orientation(a, b, c, {0.2, 0.2, -1e-300}) == 1);
    CHECK(orientation(a, b, c, {0.2, 0.2, -1e-30}) == 1);
    CHECK(orientation(a, b, c, {0.2, 0.2, 5}) == -1);
    CHECK(orientation(b, a, c, {0.2, 0.2, 5}) == 1);
    CHECK(orientation(a, b, c, {7, -3, 0}) == 0);
    CHECK(orientation(Vec2{0, 0}, {1, 0}, {0, 1}) == 1);
    CHECK(orientation(Vec2{0, 0}, {0, 1}, {1, 0}) == -1);
}

// Points of a plane through whole numbers, moved and scaled by what a float32 file may hold.
TEST_CASE("points in one plane are found to be so, and one step off it is seen") {
    std::mt19937 random(3);
    const auto whole = [&] { return static_cast<double>(random() % 2001) - 1000; };
    for (const double scale : {1.0, 0.125, 1.0 / 1024, 3e-7}) {
        for (int i = 0; i < 500; ++i) {
            const Vec3 o{whole() * scale, whole() * scale, whole() * scale};
            const Vec3 u{whole(), whole(), whole()};
            const Vec3 v{whole(), whole(), whole()};
            // Exact only where the scale is a power of two; there nothing may be rounded.
            const auto at = [&](double s, double t) {
                return Vec3{o.x + (s * u.x + t * v.x) * scale,
                            o.y + (s * u.y + t * v.y) * scale,
                            o.z + (s * u.z + t * v.z) * scale};
            };
            if (scale == 3e-7) continue;
            const Vec3 d = at(2, -3);
            REQUIRE(orientation(at(0, 0), at(1, 0), at(0, 1), d) == 0);
            const double normal_z = u.x * v.y - u.y * v.x;
            if (normal_z == 0) continue;
            const Vec3 above{d.x, d.y, std::nextafter(d.z, 1e9)};
            const Vec3 below{d.x, d.y, std::nextafter(d.z, -1e9)};
            const int up = normal_z > 0 ? 1 : -1;
            REQUIRE(orientation(at(0, 0), at(1, 0), at(0, 1), above) == -up);
            REQUIRE(orientation(at(0, 0), at(1, 0), at(0, 1), below) == up);
        }
    }
}

TEST_CASE("coordinates of very different sizes are compared without rounding") {
    const double tiny = 1e-25;
    const Vec3 a{tiny, 0, 1e4};
    const Vec3 b{1e4, tiny, 0};
    const Vec3 c{0, 1e4, tiny};
    // The middle of a and b, which is exact, lies in the plane.
    const Vec3 d{(a.x + b.x) / 2, (a.y + b.y) / 2, (a.z + b.z) / 2};
    const bool rounded = d.x * 2 - b.x != a.x;
    const int side = orientation(a, b, c, d);
    CHECK((rounded || side == 0));
    CHECK(orientation(a, b, c, a) == 0);
    CHECK(orientation(a, b, c, {a.x, a.y, a.z + 1e-11}) != 0);
    CHECK(orientation(b, a, c, d) == -side);
    CHECK(orientation(a, c, b, d) == -side);
}

TEST_CASE("three points on a line are collinear, and nearly is not") {
    CHECK(collinear({0, 0, 0}, {1, 2, 3}, {2, 4, 6}));
    CHECK(collinear({0, 0, 0}, {1, 2, 3}, {0, 0, 0}));
    CHECK_FALSE(collinear({0, 0, 0}, {1, 2, 3}, {2, 4, std::nextafter(6.0, 7.0)}));
    CHECK(orientation(Vec2{0.5, 0.5}, {12, 12}, {24, 24}) == 0);
    CHECK(orientation(Vec2{0.5, 0.5}, {12, 12}, {24, std::nextafter(24.0, 25.0)}) == 1);
    CHECK(orientation(Vec2{1e-30, 1e-30}, {12, 12}, {24, 24}) == 0);
}

}  // namespace
}  // namespace nearfab::geometry
