// SPDX-License-Identifier: GPL-3.0-or-later
// Slits, outlines that run into each other, and what they enclose together.

#include "geometry/flat/flat_facts.hpp"
#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
constexpr double pi = std::numbers::pi;

bool remarks(const FlatFacts& facts, std::string_view rule) {
    const auto all = remarks_of(facts);
    return std::any_of(all.begin(), all.end(), [&](const Remark& r) { return r.rule == rule; });
}

TEST_CASE("cuts that do not close are slits in material and open outlines elsewhere", "[slits]") {
    const FlatFacts hinge = facts_of({rectangle(0, 0, 80, 60),
                                      line({20, 5}, {20, 25}),
                                      line({20, 35}, {20, 55}),
                                      line({22, 15}, {22, 45})});
    CHECK(hinge.slits == 3);
    REQUIRE(hinge.slit);
    CHECK(hinge.slit->mm == Approx(30));  // The longest is the first.
    CHECK(hinge.open_chains == 3);
    CHECK(hinge.open_ends == 0);
    CHECK(hinge.dividing == 0);
    CHECK(remarks(hinge, "slits"));
    CHECK_FALSE(remarks(hinge, "open_outline"));
    // In a hole and beside the part there is nothing to slit.
    const FlatFacts waste = facts_of({rectangle(0, 0, 80, 60),
                                      rectangle(10, 10, 20, 20),
                                      line({15, 15}, {20, 20}),
                                      line({90, 10}, {95, 10})});
    CHECK(waste.slits == 0);
    CHECK(waste.open_ends == 4);
    CHECK(remarks(waste, "open_outline"));
    CHECK(facts_of({line({0, 0}, {10, 0})}).slits == 0);
}

TEST_CASE("slits may end on an outline and on each other, but go round no piece", "[slits]") {
    const Path plate = rectangle(0, 0, 80, 60);
    const FlatFacts comb = facts_of({plate, line({20, 0}, {20, 40}), line({40, 60}, {40, 20})});
    CHECK(comb.slits == 2);
    CHECK(comb.crossings == 2);
    CHECK(comb.dividing == 0);
    const FlatFacts star = facts_of({plate, line({10, 10}, {30, 30}), line({10, 30}, {30, 10})});
    CHECK(star.slits == 2);
    CHECK(star.dividing == 0);
    const FlatFacts halves = facts_of({plate, line({20, 0}, {20, 60})});
    CHECK(halves.dividing == 1);
    CHECK(halves.dividing_at->x == 20);
    // A square of four slits that cross.
    const FlatFacts hash = facts_of({plate,
                                     line({10, 5}, {10, 35}),
                                     line({30, 5}, {30, 35}),
                                     line({5, 10}, {35, 10}),
                                     line({5, 30}, {35, 30})});
    CHECK(hash.slits == 4);
    CHECK(hash.dividing == 1);
    CHECK(facts_of({plate, line({20, -10}, {20, 40})}).dividing == 0);  // From beyond the edge.
    CHECK(facts_of({plate, line({20, -10}, {20, 70})}).dividing == 1);
    Path knot;
    knot.points = {{{10, 10}, 0}, {{30, 30}, 0}, {{30, 10}, 0}, {{10, 30}, 0}};
    CHECK(facts_of({plate, knot}).dividing == 1);
    // From corner to corner of an outline of loose lines, where the paths branch.
    const FlatFacts corners = facts_of({line({0, 0}, {50, 0}),
                                        line({50, 0}, {50, 50}),
                                        line({50, 50}, {0, 50}),
                                        line({0, 50}, {0, 0}),
                                        line({0, 0}, {50, 50})});
    CHECK(corners.outer_loops == 1);
    CHECK(corners.slits == 1);
    CHECK(corners.dividing == 1);
}

TEST_CASE("outlines that run into each other bound their union", "[union]") {
    const FlatFacts squares = facts_of({rectangle(0, 0, 50, 50), rectangle(25, 25, 50, 50)});
    CHECK(squares.net_area_mm2 == Approx(5000 - 625));
    CHECK(squares.outer_loops == 2);
    CHECK(squares.inner_loops == 0);
    CHECK_FALSE(squares.smallest_hole);
    CHECK(squares.dividing == 2);
    Path other_way = rectangle(25, 25, 50, 50);
    std::reverse(other_way.points.begin(), other_way.points.end());
    CHECK(facts_of({rectangle(0, 0, 50, 50), other_way}).net_area_mm2 == Approx(5000 - 625));
    const FlatFacts bow = facts_of({outline({{0, 0}, {10, 10}, {10, 0}, {0, 10}})});
    CHECK(bow.net_area_mm2 == Approx(50));
    CHECK(bow.outer_loops == 1);
    CHECK(bow.dividing == 1);
    const FlatFacts circles = facts_of({rectangle(0, 0, 50, 50), circle(50, 25, 10)});
    CHECK(circles.net_area_mm2 == Approx(2500 + 50 * pi));
    // Two holes that run into each other, and a third on its own, in a plate.
    const FlatFacts holes = facts_of({rectangle(0, 0, 100, 100),
                                      rectangle(10, 10, 20, 20),
                                      rectangle(20, 20, 20, 20),
                                      circle(70, 70, 5)});
    CHECK(holes.net_area_mm2 == Approx(10000 - 700 - 25 * pi));
    CHECK(holes.inner_loops == 3);
    CHECK(holes.dividing == 2);
}

TEST_CASE("outlines with edges in common run into each other or lie side by side", "[union]") {
    const FlatFacts over = facts_of({rectangle(0, 0, 50, 50), rectangle(25, 0, 50, 50)});
    CHECK(over.net_area_mm2 == Approx(3750));
    CHECK(over.dividing > 0);
    const FlatFacts beside = facts_of({rectangle(0, 0, 50, 50), rectangle(50, 0, 50, 50)});
    CHECK(beside.net_area_mm2 == Approx(5000));
    CHECK(beside.dividing == 0);
    CHECK(beside.touching > 0);
    const FlatFacts within = facts_of({rectangle(0, 0, 50, 50), rectangle(10, 0, 20, 20)});
    CHECK(within.net_area_mm2 == Approx(2100));
    CHECK(within.dividing == 0);
    const FlatFacts kiss = facts_of({circle(0, 0, 10), circle(4, 0, 6)});
    CHECK(kiss.net_area_mm2 == Approx(64 * pi));
    CHECK(kiss.dividing == 0);
    CHECK(kiss.touching == 1);
}

TEST_CASE("a drawing of countless crossings is refused at once", "[union]") {
    std::vector<Path> grid;
    for (int i = 0; i < 200; ++i) {
        grid.push_back(rectangle(i, -0.3, 0.5, 201));
        grid.push_back(rectangle(-0.3, i, 201, 0.5));
    }
    const auto refused = flat_facts(drawing(grid));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::too_large);
    CHECK(refused.error().message.find("more places than the limit of 20000") != std::string::npos);
}

TEST_CASE("the hull is no smaller than what it goes round") {
    Path stadium;
    stadium.closed = true;
    stadium.points = {{{0, 0}, 0}, {{40, 0}, 1}, {{40, 20}, 0}, {{0, 20}, 1}};
    const FlatFacts facts = facts_of({stadium});
    CHECK(facts.net_area_mm2 == Approx(800 + 100 * pi));
    CHECK(facts.hull_area_mm2 == Approx(800 + 100 * pi).epsilon(1e-9));
    CHECK(facts.hull_area_mm2 >= facts.net_area_mm2);
    CHECK(facts_of({circle(3, 4, 10)}).hull_area_mm2 == Approx(100 * pi).epsilon(1e-9));
    // Only the outside of an arc counts.
    Path bite;
    bite.closed = true;
    bite.points = {{{0, 0}, 0}, {{40, 0}, -0.5}, {{40, 20}, 0}, {{0, 20}, 0}};
    CHECK(facts_of({bite}).hull_area_mm2 == Approx(800));
}

}  // namespace
}  // namespace nearfab::geometry
