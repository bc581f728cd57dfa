// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/toolpath/sample_sheets.hpp"
#include "toolpath/cut_plan.hpp"
#include "toolpath/motion_time.hpp"
#include "toolpath/plan_check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {
namespace {

using sample::box;
using sample::cuts;
using sample::disc;
using sample::laser;
using sample::square;
using sample::way_of;

CutPlan plan_of(const Outlines& outlines, const LaserSettings& settings = laser()) {
    auto plan = plan_laser(outlines, settings);
    if (!plan) FAIL(plan.error().message);
    return std::move(*plan);
}

// Where each closed cut begins, by the end of its lead or of the travel to it.
std::vector<Vec2> cut_places(const Toolpath& path) {
    std::vector<Vec2> out;
    bool travelled = true;
    for (const Move& move : path.moves) {
        if (move.kind == MoveKind::cut && travelled) out.push_back({move.to.x, move.to.y});
        travelled = move.kind == MoveKind::travel || move.kind == MoveKind::lead;
    }
    return out;
}

TEST_CASE("a square is cut round its outside, and closed", "[laser]") {
    const CutPlan plan = plan_of(cuts({square(10, 10, 50)}));
    // The outline half a kerf outside with round corners, and the overcut.
    const double round = 4 * 50 + 2 * 3.14159 * 0.1;
    CHECK(way_of(plan.path, MoveKind::cut) == Approx(round + 0.5).epsilon(1e-3));
    CHECK(plan.facts.pierces == 1);
    CHECK(plan.facts.without_lead == 0);
    CHECK(plan.facts.cut_bounds.min.x == Approx(9.8).margin(1.5));
}

TEST_CASE("holes come before the outline they lie in", "[laser]") {
    const CutPlan plan = plan_of(cuts({square(10, 10, 100),
                                       disc(30, 30, 5),
                                       disc(80, 80, 8),
                                       square(40, 40, 20),
                                       disc(50, 50, 3)}));
    const auto places = cut_places(plan.path);
    REQUIRE(places.size() == 5);
    const auto on_outside = [](const Vec2& p) {
        return p.x < 11 || p.x > 109 || p.y < 11 || p.y > 109;
    };
    for (std::size_t i = 0; i + 1 < places.size(); ++i)
        CHECK_FALSE(on_outside(places[i]));
    CHECK(on_outside(places.back()));
    // A part in a hole of another: its own outline comes before that hole.
    const auto ring = std::find_if(places.begin(), places.end(), [](const Vec2& p) {
        return std::abs(std::max(std::abs(p.x - 50), std::abs(p.y - 50)) - 9.9) < 0.2;
    });
    const auto disc_in_it = std::find_if(places.begin(), places.end(), [](const Vec2& p) {
        return std::hypot(p.x - 50, p.y - 50) < 3.3;
    });
    CHECK(disc_in_it < ring);
}

TEST_CASE("the beam is off on every travel, and pierces lie in the waste", "[laser]") {
    const Outlines work = cuts({square(10, 10, 80), disc(50, 50, 10)});
    const Region kept = even_odd(work.loops);
    const CutPlan plan = plan_of(work);
    Vec2 at;
    for (const Move& move : plan.path.moves) {
        if (move.kind == MoveKind::travel) CHECK(move.power == 0);
        if (move.kind == MoveKind::lead) {
            CHECK(area_of(common(kept, {square(at.x - 0.05, at.y - 0.05, 0.1)})) == 0);
        }
        at = {move.to.x, move.to.y};
    }
}

TEST_CASE("engraving, then scoring, then slits, then cuts", "[laser]") {
    Outlines work = cuts({square(10, 10, 80)});
    work.scores.push_back({{{20, 20}, {80, 20}, 0}});
    work.engravings.push_back({{{20, 30}, {80, 30}, 0}});
    work.engraved.push_back(square(30, 50, 5));
    work.slits.push_back({{{20, 70}, {80, 70}, 0}});
    const CutPlan plan = plan_of(work);
    int last = 0;
    for (const Move& move : plan.path.moves) {
        const int rank = move.kind == MoveKind::engrave ? 1
                         : move.kind == MoveKind::score ? 2
                         : move.kind == MoveKind::slit  ? 3
                         : move.kind == MoveKind::cut   ? 4
                                                        : last;
        CHECK(rank >= last);
        last = rank;
    }
    CHECK(plan.facts.score_mm == Approx(60));
    CHECK(plan.facts.engrave_mm == Approx(60 + 25 / 0.1).epsilon(0.05));
}

TEST_CASE("passes go round as often as they are told", "[laser]") {
    LaserSettings settings = laser();
    settings.cut.passes = 3;
    settings.overcut_mm = 0;
    const CutPlan one = plan_of(cuts({square(10, 10, 50)}));
    const CutPlan three = plan_of(cuts({square(10, 10, 50)}), settings);
    CHECK(way_of(three.path, MoveKind::cut) ==
          Approx(3 * (way_of(one.path, MoveKind::cut) - 0.5)).epsilon(1e-6));
}

TEST_CASE("tabs leave the part hanging by their width", "[laser]") {
    LaserSettings settings = laser();
    settings.tabs = 3;
    const CutPlan plan = plan_of(cuts({square(10, 10, 50)}), settings);
    double off = 0;
    geometry::Vec3 at;
    for (const Move& move : plan.path.moves) {
        if (move.kind == MoveKind::cut && move.power == 0) off += length_mm(at, move);
        at = move.to;
    }
    CHECK(off == Approx(3 * (settings.tab_mm + settings.kerf_mm)).epsilon(1e-3));
}

TEST_CASE("a part larger than the sheet is refused with both sizes", "[laser]") {
    const auto plan = plan_laser(cuts({box(0.5, 0.5, 400, 50)}), laser());
    REQUIRE_FALSE(plan);
    CHECK(plan.error().code == ErrorCode::invalid_argument);
    CHECK(plan.error().message.find("300 mm x 200 mm") != std::string::npos);
    CHECK(plan.error().next.find("unit") != std::string::npos);
    const auto beside = plan_laser(cuts({square(-5, 10, 50)}), laser());
    REQUIRE_FALSE(beside);
    CHECK(beside.error().next.find("Move it") != std::string::npos);
}

TEST_CASE("a hole that the beam would lose is refused by name", "[laser]") {
    const auto plan = plan_laser(cuts({square(10, 10, 50), disc(30, 30, 0.08)}), laser());
    REQUIRE_FALSE(plan);
    CHECK(plan.error().message.find("the hole at (30, 30)") != std::string::npos);
}

TEST_CASE("settings out of range are refused by name", "[laser]") {
    LaserSettings settings = laser();
    settings.cut.power = 1.2;
    const auto plan = plan_laser(cuts({square(10, 10, 50)}), settings);
    REQUIRE_FALSE(plan);
    CHECK(plan.error().message.find("the power of a cut is 1.2") != std::string::npos);
}

TEST_CASE("random parts: nothing kept is cut, all stays on the sheet, the plan is the same again",
          "[laser]") {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        std::vector<Polygon> loops;
        for (int i = 0; i < 6; ++i) {
            const Vec2 centre{50.0 + 90 * (i % 3), 50.0 + 95 * static_cast<double>(i / 3)};
            const auto n = seed * 10 + static_cast<std::uint64_t>(i);
            loops.push_back(sample::star(n, centre, 20, 40, 5 + static_cast<int>(n % 17)));
            loops.push_back(sample::star(n + 7777, centre, 3, 14, 3 + static_cast<int>(n % 5)));
        }
        const Outlines work = cuts(loops);
        auto plan = plan_laser(work, laser());
        INFO("seed " << seed);
        if (!plan) {
            INFO(plan.error().message);
            // Only because a point of a star is too sharp for the beam.
            CHECK(plan.error().message.find("narrower than the cut") != std::string::npos);
            continue;
        }
        CHECK_FALSE(first_gouge(plan->path, even_odd(work.loops), 0.1 - gouge_slack_mm));
        CHECK(plan->facts.cut_bounds.min.x >= 0);
        CHECK(plan->facts.cut_bounds.max.x <= 300.0);
        CHECK(plan->facts.cut_bounds.max.y <= 200.0);
        CHECK(plan->path.moves == plan_of(work).path.moves);
    }
}

TEST_CASE("the last look sees a cut through a part and one too near to it", "[laser]") {
    const Region kept{square(10, 10, 50)};
    Toolpath path;
    path.moves = {{MoveKind::travel, {5, 5, 0}, 0, 0, 0}, {MoveKind::cut, {5, 70, 0}, 0, 600, 1}};
    CHECK_FALSE(first_gouge(path, kept, 0.08));
    path.moves[1].to = {9.95, 30, 0};
    REQUIRE(first_gouge(path, kept, 0.08));
    path.moves = {{MoveKind::travel, {30, 30, 0}, 0, 0, 0},
                  {MoveKind::cut, {31, 30, 0}, 0, 600, 1}};
    REQUIRE(first_gouge(path, kept, 0.08));
    CHECK(first_gouge(path, kept, 0.08)->distance_mm == 0);
}

}  // namespace
}  // namespace nearfab::toolpath
