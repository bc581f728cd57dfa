// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/track.hpp"

#include "tests/toolpath/sample_sheets.hpp"
#include "toolpath/hatch.hpp"
#include "toolpath/pocket.hpp"
#include "toolpath/tabs.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::toolpath {
namespace {

using std::numbers::pi;

TEST_CASE("a part of an arc lies on the same circle and is as long as its share", "[track]") {
    const Span half{{10, 0}, {-10, 0}, 1};
    CHECK(half.length() == Approx(10 * pi));
    const Span part = half.part(0.25, 0.5);
    CHECK(part.length() == Approx(2.5 * pi));
    CHECK(std::hypot(part.from.x, part.from.y) == Approx(10));
    CHECK(part.to.x == Approx(0).margin(1e-9));
    CHECK(part.to.y == Approx(10));
    CHECK(half.direction(0).y == Approx(1));
}

TEST_CASE("a closed track begun elsewhere is as long and ends where it begins", "[track]") {
    const Track round = plain_track_of(sample::square(0, 0, 10));
    const Track other = started_at(round, 13);
    CHECK(length_of(other) == Approx(40));
    CHECK(other.front().from.x == Approx(10));
    CHECK(other.front().from.y == Approx(3));
    CHECK(other.back().to == other.front().from);
    CHECK(length_of(between(round, 5, 12)) == Approx(7));
}

TEST_CASE("a disc in chords becomes arcs again", "[track]") {
    const Track round = track_of(sample::disc(0, 0, 20), 0.01);
    CHECK(round.size() <= 4);
    CHECK(length_of(round) == Approx(40 * pi).epsilon(1e-3));
}

TEST_CASE("a polygon of many equal sides stays one", "[track]") {
    Polygon polygon;
    for (int i = 0; i < 24; ++i)
        polygon.push_back({30 * std::cos(i * pi / 12), 30 * std::sin(i * pi / 12)});
    const Track round = track_of(polygon, 0.01);
    CHECK(round.size() == 24);
    for (const Span& span : round)
        CHECK(span.bulge == 0);
}

TEST_CASE("tabs are spread, in order, away from corners and not over the start", "[track]") {
    const Track round = plain_track_of(sample::square(0, 0, 40));
    const auto tabs = tabs_of(round, 4, 5);
    REQUIRE(tabs.size() == 4);
    double last = 0;
    for (const Tab& tab : tabs) {
        CHECK(tab.begin_mm >= last);
        CHECK(tab.end_mm - tab.begin_mm == Approx(5));
        CHECK(std::fmod(tab.begin_mm, 40) + 5 <= 40 + 1e-9);
        last = tab.end_mm;
    }
    CHECK(last <= 160);
    CHECK(tabs_of(round, 50, 5).size() <= 160 / 15);
}

TEST_CASE("hatched lines cover the area once, and only the area", "[track]") {
    const Region ring = even_odd({sample::square(0, 0, 20), sample::square(5, 5, 10)});
    const auto lines = hatch_of(ring, 0.1);
    REQUIRE(lines);
    double mm = 0;
    for (const HatchLine& line : *lines)
        mm += std::abs(line.to.x - line.from.x);
    CHECK(mm * 0.1 == Approx(300).epsilon(0.01));
    CHECK_FALSE(hatch_of(ring, 1e-6));
}

TEST_CASE("a pocket's rings clear all that the tool can reach, and stay in it", "[track]") {
    const Region area = even_odd({sample::box(0, 0, 40, 30), sample::disc(20, 15, 5)});
    const Pocket pocket = pocket_of(area, {4, 0.4, 0.01});
    CHECK(pocket.uncleared_mm2 < 0.05);
    // Four sharp corners keep (1 - pi/4) r^2 each.
    CHECK(area_of(pocket.unreached) == Approx(4 * (1 - pi / 4) * 4).epsilon(0.05));
    for (const Track& ring : pocket.rings) {
        for (const Vec2& p : flattened(ring, 0.01, true)) {
            CHECK(std::hypot(p.x - 20, p.y - 15) > 7 - 0.02);
            CHECK((p.x > 2 - 0.02 && p.x < 38.02 && p.y > 1.98 && p.y < 28.02));
        }
    }
}

}  // namespace
}  // namespace nearfab::toolpath
