// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/compensation.hpp"

#include "tests/toolpath/sample_sheets.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::toolpath {
namespace {

using sample::box;
using sample::disc;
using sample::square;

// What is left of the sheet inside an outline after a tool of that radius has followed the lines.
double left_after(const CutLines& lines, double radius) {
    Region all;
    for (const Contour& contour : lines.contours)
        all.push_back(contour.hole ? reversed(contour.polygon) : contour.polygon);
    return area_of(grown(all, -radius, 0.001));
}

TEST_CASE("outlines move out by half the cut, holes in, and the part has its drawn area",
          "[compensation]") {
    const Region part = even_odd({square(0, 0, 50), square(10, 10, 20)});
    const CutLines lines = cut_lines(part, {0.1});
    REQUIRE(lines.contours.size() == 2);
    CHECK(signed_area(lines.contours[0].polygon) == Approx(50.2 * 50.2).epsilon(1e-4));
    CHECK(lines.contours[1].hole);
    CHECK(signed_area(lines.contours[1].polygon) == Approx(19.8 * 19.8).epsilon(1e-4));
    CHECK(left_after(lines, 0.1) == Approx(area_of(part)).epsilon(1e-3));
}

TEST_CASE("an inner corner keeps the tool's radius, and it is said where", "[compensation]") {
    const Region part = even_odd({square(0, 0, 50), square(10, 10, 20)});
    const CutLines lines = cut_lines(part, {1.5});
    REQUIRE(lines.leftovers.size() == 4);
    for (const Leftover& leftover : lines.leftovers) {
        CHECK_FALSE(leftover.feature);
        CHECK(leftover.area_mm2 == Approx((1 - std::numbers::pi / 4) * 2.25).epsilon(0.1));
        CHECK(std::abs(std::abs(leftover.at.x - 20) - 10) < 1);
        CHECK(std::abs(std::abs(leftover.at.y - 20) - 10) < 1);
    }
}

TEST_CASE("a hole narrower than the tool is named, not lost in silence", "[compensation]") {
    const Region part = even_odd({square(0, 0, 50), disc(25, 25, 1.4)});
    const CutLines lines = cut_lines(part, {1.5});
    CHECK(lines.contours.size() == 1);
    REQUIRE_FALSE(lines.leftovers.empty());
    CHECK(lines.leftovers.front().feature);
    CHECK(lines.leftovers.front().whole_hole);
    CHECK(text_of(lines.leftovers.front(), 3) ==
          "the hole at (25, 25) mm is narrower than the cut (3 mm)");
}

TEST_CASE("a slot open to the outside that the tool cannot enter is a feature", "[compensation]") {
    const Polygon part{{0, 0}, {50, 0}, {50, 30}, {26, 30}, {26, 10}, {24, 10}, {24, 30}, {0, 30}};
    const CutLines lines = cut_lines(even_odd({part}), {1.5});
    REQUIRE_FALSE(lines.leftovers.empty());
    CHECK(lines.leftovers.front().feature);
    CHECK_FALSE(lines.leftovers.front().whole_hole);
    CHECK(lines.leftovers.front().area_mm2 > 30);
}

TEST_CASE("parts nearer to each other than the cut stay joined, and that is a feature",
          "[compensation]") {
    const CutLines lines = cut_lines(even_odd({square(0, 0, 20), square(20.1, 0, 20)}), {0.1});
    REQUIRE_FALSE(lines.leftovers.empty());
    CHECK(lines.leftovers.front().feature);
}

TEST_CASE("whatever the outline, the cut never comes nearer than the radius", "[compensation]") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const Polygon outside =
            sample::star(seed, {50, 50}, 20, 40, 7 + static_cast<int>(seed % 20));
        const Polygon inside =
            sample::star(seed + 99, {50, 50}, 4, 15, 5 + static_cast<int>(seed % 9));
        const Region part = even_odd({outside, inside});
        for (const double radius : {0.1, 1.0}) {
            const CutLines lines = cut_lines(part, {radius});
            Region lanes;
            for (const Contour& contour : lines.contours) {
                const Region line{contour.polygon};
                lanes =
                    united(lanes, without(grown(line, radius, 0.002), grown(line, -radius, 0.002)));
            }
            INFO("seed " << seed << " radius " << radius);
            CHECK(area_of(common(grown(lanes, -0.01, 0.002), part)) < 1e-3);
        }
    }
}

}  // namespace
}  // namespace nearfab::toolpath
