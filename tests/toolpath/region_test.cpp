// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/region.hpp"

#include "tests/toolpath/sample_sheets.hpp"

#include <catch2/catch.hpp>

#include <numbers>

namespace nearfab::toolpath {
namespace {

using sample::box;
using sample::square;

TEST_CASE("a square grown by r gains its edge times r and the four quarters of a disc",
          "[region]") {
    const Region grew = grown({square(0, 0, 10)}, 1, 0.001);
    CHECK(area_of(grew) == Approx(100 + 40 + std::numbers::pi).epsilon(1e-4));
    CHECK(area_of(grown({square(0, 0, 10)}, -1, 0.001)) == Approx(64).epsilon(1e-6));
    CHECK(grown({square(0, 0, 10)}, -6, 0.001).empty());
}

TEST_CASE("areas add up as sets do", "[region]") {
    const Region a{square(0, 0, 10)};
    const Region b{square(5, 0, 10)};
    CHECK(area_of(united(a, b)) == Approx(150));
    CHECK(area_of(common(a, b)) == Approx(50));
    CHECK(area_of(without(a, b)) == Approx(50));
    CHECK(area_of(even_odd({square(0, 0, 10), square(2, 2, 4)})) == Approx(84));
}

TEST_CASE("the sum of two rectangles is a rectangle of both sizes", "[region]") {
    const Region sum = minkowski_sum(box(0, 0, 10, 5), box(0, 0, 3, 2));
    CHECK(area_of(sum) == Approx(13 * 7));
}

TEST_CASE("a polygon that lies wholly in the other one leaves no false hole in the sum",
          "[region]") {
    // A large frame-like C and a tiny square: where the square lies in the C's body, they meet.
    const Polygon body = square(0, 0, 100);
    const Region sum = minkowski_sum(body, {{0, 0}, {-1, 0}, {-1, -1}, {0, -1}});
    REQUIRE(sum.size() == 1);
    CHECK(area_of(sum) == Approx(101 * 101));
}

TEST_CASE("contours know what is round them", "[region]") {
    const Region rings = even_odd({square(0, 0, 30), square(5, 5, 20), square(10, 10, 5)});
    const auto contours = contours_of(rings);
    REQUIRE(contours.size() == 3);
    CHECK_FALSE(contours[0].hole);
    CHECK(contours[1].hole);
    CHECK(contours[1].parent == 0U);
    CHECK_FALSE(contours[2].hole);
    CHECK(contours[2].parent == 1U);
    for (const Contour& contour : contours)
        CHECK(signed_area(contour.polygon) > 0);
}

TEST_CASE("inside, outside and on the edge", "[region]") {
    const Polygon l{{0, 0}, {10, 0}, {10, 2}, {2, 2}, {2, 10}, {0, 10}};
    CHECK(contains(l, {1, 9}));
    CHECK(contains(l, {9, 1}));
    CHECK_FALSE(contains(l, {5, 5}));
    CHECK(contains(l, {10, 1}));
    CHECK(contains(l, {2, 2}));
}

}  // namespace
}  // namespace nearfab::toolpath
