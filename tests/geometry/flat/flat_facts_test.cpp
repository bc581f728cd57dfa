// SPDX-License-Identifier: GPL-3.0-or-later

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

TEST_CASE("a plate with two holes has its lengths, areas and loops") {
    const FlatFacts facts =
        facts_of({rectangle(0, 0, 100, 50), circle(20, 25, 5), rectangle(60, 20, 10, 10)});
    CHECK(facts.loops.size() == 3);
    CHECK(facts.outer_loops == 1);
    CHECK(facts.inner_loops == 2);
    CHECK(facts.pierces == 3);
    CHECK(facts.cut_length_mm == Approx(300 + 10 * pi + 40));
    CHECK(facts.net_area_mm2 == Approx(5000 - 25 * pi - 100));
    CHECK(facts.hull_area_mm2 == Approx(5000));
    CHECK(facts.bounds.size().x == Approx(100));
    REQUIRE(facts.smallest_hole);
    CHECK(facts.smallest_hole->mm == Approx(10));
    CHECK(facts.smallest_inner_radius->mm == Approx(5));
    CHECK(facts.sharp_inner_corners == 4);
    CHECK(facts.open_ends == 0);
    CHECK(facts.crossings + facts.self_crossings == 0);
    CHECK(remarks_of(facts).empty());
}

TEST_CASE("an island in a hole is an outer loop again") {
    const FlatFacts facts = facts_of({rectangle(0, 0, 100, 100),
                                      rectangle(20, 20, 60, 60),
                                      circle(50, 50, 20),
                                      circle(50, 50, 5)});
    CHECK(facts.outer_loops == 2);
    CHECK(facts.inner_loops == 2);
    CHECK(facts.loops[2].depth == 2);
    CHECK(facts.loops[2].circle);
    CHECK(facts.net_area_mm2 == Approx(10000 - 3600 + 400 * pi - 25 * pi));
}

TEST_CASE("loose lines and arcs are chained to loops, whatever their order and direction") {
    Path arc;
    arc.points = {{{10, 10}, 1}, {{10, 0}, 0}};  // A half circle to the left.
    const FlatFacts facts =
        facts_of({line({50, 10}, {10, 10}), arc, line({10, 0}, {50, 0}), line({50, 10}, {50, 0})});
    REQUIRE(facts.loops.size() == 1);
    CHECK(facts.net_area_mm2 == Approx(400 + 12.5 * pi));
    CHECK(facts.open_ends == 0);
    CHECK(facts.closed_gaps == 0);
}

TEST_CASE("small gaps are joined and told, larger ones stay open with their size") {
    const auto u_shape = [](double gap) {
        return facts_of({line({0, 0}, {10, 0}),
                         line({10, 0}, {10, 10}),
                         line({10, 10}, {0, 10}),
                         line({0, 10}, {0, gap})});
    };
    const FlatFacts joined = u_shape(0.04);
    CHECK(joined.outer_loops == 1);
    CHECK(joined.closed_gaps == 1);
    CHECK(joined.largest_closed_gap_mm == Approx(0.04));
    CHECK(joined.net_area_mm2 == Approx(100));
    const FlatFacts open = u_shape(0.3);
    CHECK(open.outer_loops == 0);
    CHECK(open.open_chains == 1);
    REQUIRE(open.open_ends == 2);
    CHECK(open.open_at[0].mm == Approx(0.3));
    CHECK(remarks(open, "nothing_closed"));
}

TEST_CASE("a line drawn twice is told and cut once") {
    const FlatFacts whole = facts_of({rectangle(0, 0, 10, 10), rectangle(0, 0, 10, 10)});
    CHECK(whole.loops.size() == 1);
    CHECK(whole.doubled_length_mm == Approx(40));
    CHECK(whole.doubled_places == 1);
    CHECK(whole.cut_length_mm == Approx(40));
    CHECK(whole.net_area_mm2 == Approx(100));
    CHECK(remarks(whole, "double_cut"));
    // A single line on the edge of a closed outline, and a nearly equal circle three times.
    const FlatFacts edge = facts_of({line({2, 0}, {8, 0}), rectangle(0, 0, 10, 10)});
    CHECK(edge.doubled_length_mm == Approx(6));
    CHECK(edge.open_chains == 0);
    const FlatFacts circles = facts_of({circle(0, 0, 5), circle(0.01, 0, 5), circle(0, 0, 5.01)});
    CHECK(circles.loops.size() == 1);
    CHECK(circles.doubled_length_mm == Approx(20 * pi).epsilon(0.01));
}

TEST_CASE("a curve in chords shorter than the tolerances is one outline, and not doubled") {
    std::vector<Vec2> fine;
    for (int i = 0; i < 20000; ++i)
        fine.push_back({10 * std::cos(i * pi / 10000), 10 * std::sin(i * pi / 10000)});
    const FlatFacts facts = facts_of({outline(fine), circle(0, 0, 3)});
    CHECK(facts.doubled_places == 0);
    CHECK(facts.loops.size() == 2);
    CHECK(facts.narrowest_wall->mm == Approx(7).margin(0.004));
    CHECK(facts.self_crossings + facts.crossings == 0);
}

TEST_CASE("common edges of two parts are told as doubled, and both parts stay") {
    const FlatFacts facts = facts_of({rectangle(0, 0, 10, 10), rectangle(10, 0, 10, 10)});
    CHECK(facts.outer_loops == 2);
    CHECK(facts.doubled_length_mm == Approx(10));
    CHECK(facts.net_area_mm2 == Approx(200));
}

TEST_CASE("an outline whose first line is repeated at its end is closed") {
    Path path;
    path.points = {
        {{0, 0}, 0}, {{10, 0}, 0}, {{10, 10}, 0}, {{0, 10}, 0}, {{0, 0}, 0}, {{10, 0}, 0}};
    const FlatFacts facts = facts_of({path});
    CHECK(facts.outer_loops == 1);
    CHECK(facts.doubled_length_mm == Approx(10));
    CHECK(facts.net_area_mm2 == Approx(100));
}

TEST_CASE("crossings are found with their place, once each") {
    const FlatFacts two = facts_of({rectangle(0, 0, 10, 10), rectangle(5, 5, 10, 10)});
    CHECK(two.crossings == 2);
    CHECK(two.self_crossings == 0);
    CHECK(two.crossing_at[0].at.x == Approx(5));
    CHECK(two.crossing_at[0].at.y == Approx(10));
    const FlatFacts bow = facts_of({outline({{0, 0}, {10, 10}, {10, 0}, {0, 10}})});
    CHECK(bow.self_crossings == 1);
    CHECK(bow.crossing_at[0].at.x == Approx(5));
    CHECK(remarks(bow, "crossing"));
    const FlatFacts arcs = facts_of({circle(0, 0, 5), circle(6, 0, 5)});
    CHECK(arcs.crossings == 2);
    CHECK(std::abs(arcs.crossing_at[0].at.y) == Approx(4));
    // Polygons of very short edges are crossed as well.
    std::vector<Vec2> fine;
    for (int i = 0; i < 2000; ++i)
        fine.push_back({5 * std::cos(i * pi / 1000), 5 * std::sin(i * pi / 1000)});
    CHECK(facts_of({outline(fine), rectangle(0, -0.001, 20, 20)}).crossings == 2);
}

TEST_CASE("a line that ends on another one touches it") {
    const FlatFacts facts = facts_of({rectangle(0, 0, 10, 10), line({5, 5}, {5, 10})});
    CHECK(facts.crossings == 1);
    CHECK(facts.open_chains == 1);
}

TEST_CASE("at a branch, loops go before tails") {
    const FlatFacts facts = facts_of({line({0, 0}, {10, 0}),
                                      line({10, 0}, {10, 10}),
                                      line({10, 10}, {0, 10}),
                                      line({0, 10}, {0, 0}),
                                      line({10, 0}, {20, -5}),
                                      line({20, -5}, {30, 0})});
    CHECK(facts.outer_loops == 1);
    CHECK(facts.open_chains == 1);
    CHECK(facts.branches == 1);
    CHECK(facts.branch_at[0].mm == 3);
}

TEST_CASE("scored and engraved lines have lengths and make no loops") {
    Path score = rectangle(1, 1, 2, 2);
    score.operation = Operation::score;
    Path engrave = circle(5, 5, 1);
    engrave.operation = Operation::engrave;
    Path ignored = rectangle(-100, 0, 1, 1);
    ignored.operation = Operation::ignore;
    const FlatFacts facts = facts_of({rectangle(0, 0, 10, 10), score, engrave, ignored});
    CHECK(facts.loops.size() == 1);
    CHECK(facts.score_length_mm == Approx(8));
    CHECK(facts.engrave_length_mm == Approx(2 * pi));
    CHECK(facts.bounds.min.x == 0);
    CHECK_FALSE(flat_facts(drawing({ignored})));
}

TEST_CASE("the smallest rectangle is found at any angle") {
    for (const double degrees : {0.0, 17.0, 45.0, 90.0, 133.7}) {
        const double c = std::cos(degrees * pi / 180);
        const double s = std::sin(degrees * pi / 180);
        std::vector<Vec2> turned;
        for (const Vec2& p : {Vec2{0, 0}, Vec2{30, 0}, Vec2{30, 5}, Vec2{15, 9}, Vec2{0, 5}})
            turned.push_back({c * p.x - s * p.y, s * p.x + c * p.y});
        const FlatFacts facts = facts_of({outline(turned)});
        INFO(degrees);
        CHECK(facts.smallest_rectangle.long_mm == Approx(30));
        CHECK(facts.smallest_rectangle.short_mm == Approx(9));
        CHECK(std::abs(std::sin(facts.smallest_rectangle.angle - degrees * pi / 180)) < 1e-9);
        CHECK(facts.hull_area_mm2 == Approx(30 * 5 + 30 * 4 / 2));
    }
    const FlatFacts round = facts_of({circle(3, 4, 10)});
    CHECK(round.smallest_rectangle.long_mm == Approx(20).margin(0.005));
    CHECK(round.smallest_rectangle.centre.x == Approx(3).margin(0.005));
    CHECK(round.loops[0].width_mm == Approx(20));
}

TEST_CASE("inner radii are those that a tool must pass, sharp corners are counted") {
    // A rectangle with one outer corner rounded with 3 mm, and a slot with round ends of 2 mm.
    Path plate;
    plate.closed = true;
    plate.points = {
        {{0, 0}, 0}, {{50, 0}, 0}, {{50, 27}, std::tan(pi / 8)}, {{47, 30}, 0}, {{0, 30}, 0}};
    Path slot;
    slot.closed = true;
    slot.points = {{{10, 10}, 0}, {{30, 10}, 1}, {{30, 14}, 0}, {{10, 14}, 1}};
    const FlatFacts facts = facts_of({plate, slot});
    CHECK(facts.smallest_inner_radius->mm == Approx(2));
    CHECK(facts.sharp_inner_corners == 0);
    const FlatFacts l_shape =
        facts_of({outline({{0, 0}, {30, 0}, {30, 10}, {10, 10}, {10, 30}, {0, 30}})});
    CHECK(l_shape.sharp_inner_corners == 1);
    CHECK(l_shape.sharp_inner_corner->at == Vec2{10, 10});
    CHECK(l_shape.sharp_inner_corner->mm == Approx(90));
    // A hole drawn in chords has nearly its radius.
    std::vector<Vec2> chords;
    for (int i = 0; i < 64; ++i)
        chords.push_back({15 + 4 * std::cos(i * pi / 32), 15 + 4 * std::sin(i * pi / 32)});
    CHECK(facts_of({rectangle(0, 0, 30, 30), outline(chords)}).smallest_inner_radius->mm ==
          Approx(4).epsilon(0.01));
}

TEST_CASE("many copies of one line cost no square of their number") {
    std::vector<Path> paths;
    for (int i = 0; i < 20000; ++i)
        paths.push_back(line({0, 0}, {10, 0}));
    const FlatFacts facts = facts_of(paths);
    CHECK(facts.open_chains == 1);
    CHECK(facts.doubled_length_mm == Approx(199990));
    // A fan of lines through one point meets in pairs: that is refused at the limit, in a moment.
    std::vector<Path> fan;
    for (int i = 0; i < 3000; ++i)
        fan.push_back(line({-10, i * 0.01}, {10, -i * 0.01}));
    FlatOptions options;
    options.tests = 1'000'000;
    const auto refused = flat_facts(drawing(fan), options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::too_large);
}

}  // namespace
}  // namespace nearfab::geometry
