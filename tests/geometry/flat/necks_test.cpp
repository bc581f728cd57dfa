// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/necks.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
constexpr double pi = std::numbers::pi;

double wall(std::vector<Path> paths) {
    const FlatFacts facts = facts_of(std::move(paths));
    REQUIRE(facts.narrowest_wall);
    return facts.narrowest_wall->mm;
}

double gap(std::vector<Path> paths) {
    const FlatFacts facts = facts_of(std::move(paths));
    REQUIRE(facts.narrowest_gap);
    return facts.narrowest_gap->mm;
}

TEST_CASE("walls between holes and edges are exact, for lines and for circles") {
    CHECK(wall({rectangle(0, 0, 40, 40), rectangle(1.5, 10, 10, 10)}) == Approx(1.5));
    CHECK(wall({rectangle(0, 0, 40, 40), circle(6.25, 20, 5)}) == Approx(1.25));
    CHECK(wall({rectangle(0, 0, 40, 40), circle(12, 20, 5), circle(23, 20, 5)}) == Approx(1));
    CHECK(wall({circle(0, 0, 10), circle(0, 0, 9.25)}) == Approx(0.75));
    CHECK(wall({circle(0, 0, 10), circle(0.5, 0, 9)}) == Approx(0.5));
    // From corner to corner.
    CHECK(wall({rectangle(0, 0, 40, 40), rectangle(5, 5, 10, 10), rectangle(16, 17, 10, 10)}) ==
          Approx(std::sqrt(5.0)));
}

TEST_CASE("gaps between parts and the width of slots are exact") {
    CHECK(gap({rectangle(0, 0, 10, 10), rectangle(10.7, 0, 10, 10)}) == Approx(0.7));
    CHECK(gap({circle(0, 0, 10), circle(21, 0, 10)}) == Approx(1));
    CHECK(gap({rectangle(0, 0, 40, 40), rectangle(5, 5, 30, 0.4)}) == Approx(0.4));
    CHECK(gap({rectangle(0, 0, 40, 40), circle(20, 20, 1.5)}) == Approx(3));
    // A slot that is open at the edge.
    CHECK(gap({outline(
              {{0, 0}, {40, 0}, {40, 40}, {21, 40}, {21, 10}, {20, 10}, {20, 40}, {0, 40}})}) ==
          Approx(1));
}

TEST_CASE("a plain outline is as wide as it is, and its corners are not thin") {
    CHECK(wall({rectangle(0, 0, 100, 2)}) == Approx(2));
    CHECK(wall({rectangle(0, 0, 20, 20)}) == Approx(20));
    CHECK(wall({circle(0, 0, 10)}) == Approx(20));
    // A triangle's points, chamfers and small roundings are no necks.
    CHECK_FALSE(facts_of({outline({{0, 0}, {80, 0}, {40, 60}})}).narrowest_wall);
    CHECK(wall({outline({{0.2, 0}, {20, 0}, {20, 20}, {0, 20}, {0, 0.2}})}) == Approx(20));
}

TEST_CASE("a tongue is as thin as its blunt end, a waist as its middle") {
    CHECK(wall({outline({{0, 0}, {0, 20}, {30, 10.5}, {30, 9.5}})}) == Approx(1));
    CHECK(wall({outline({{0, 0}, {0, 14}, {30, 7.2}, {30, 6.8}})}) == Approx(0.4));
    CHECK(wall({outline({{0, 0}, {20, 8}, {40, 0}, {40, 20}, {20, 12}, {0, 20}})}) == Approx(4));
}

TEST_CASE("a round tongue is as thin as its sides, in arcs or in chords") {
    Path tongue;
    tongue.closed = true;
    tongue.points = {{{0, 0}, 0}, {{30, 0}, 1}, {{30, 3}, 0}, {{0, 3}, 0}};
    CHECK(wall({tongue}) == Approx(3));
    std::vector<Vec2> chords{{0, 0}};
    for (int i = 0; i <= 40; ++i) {
        const double a = -pi / 2 + pi * i / 40;
        chords.push_back({30 + 1.5 * std::cos(a), 1.5 + 1.5 * std::sin(a)});
    }
    chords.push_back({0, 3});
    CHECK(wall({outline(chords)}) == Approx(3).epsilon(0.01));
}

TEST_CASE("an open cut leaves walls on both sides") {
    CHECK(wall({rectangle(0, 0, 40, 40), line({5, 3}, {35, 3})}) == Approx(3));
    CHECK(wall({rectangle(0, 0, 40, 40), line({5, 20}, {35, 20}), line({5, 21.5}, {35, 21.5})}) ==
          Approx(1.5));
}

TEST_CASE("walls too thin for the beam are an error, gaps narrower than it a warning") {
    const auto rules = [](std::vector<Path> paths, double kerf) {
        std::string all;
        for (const Remark& remark : remarks_of(facts_of(std::move(paths)), kerf))
            all += remark.rule + (remark.level == RemarkLevel::error ? "! " : " ");
        return all;
    };
    CHECK(rules({rectangle(0, 0, 40, 40), rectangle(0.15, 10, 10, 10)}, 0.2) == "thin_wall! ");
    CHECK(rules({rectangle(0, 0, 40, 40), rectangle(0.3, 10, 10, 10)}, 0.2) == "thin_wall ");
    CHECK(rules({rectangle(0, 0, 40, 40), rectangle(0.5, 10, 10, 10)}, 0.2).empty());
    CHECK(rules({rectangle(0, 0, 40, 40), rectangle(5, 5, 30, 0.15)}, 0.2) ==
          "narrow_gap small_hole ");
}

}  // namespace
}  // namespace nearfab::geometry
