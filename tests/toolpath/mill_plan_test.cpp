// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/toolpath/sample_sheets.hpp"
#include "toolpath/cut_plan.hpp"
#include "toolpath/motion_time.hpp"
#include "toolpath/plan_check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace nearfab::toolpath {
namespace {

using sample::cuts;
using sample::disc;
using sample::mill;
using sample::square;

CutPlan plan_of(const Outlines& outlines, const MillSettings& settings = mill()) {
    auto plan = plan_mill(outlines, settings);
    if (!plan) FAIL(plan.error().message);
    return std::move(*plan);
}

double deepest(const Toolpath& path) {
    double z = 0;
    for (const Move& move : path.moves)
        z = std::min(z, move.to.z);
    return z;
}

TEST_CASE("the tool goes through the material and no deeper than told", "[mill]") {
    const CutPlan plan = plan_of(cuts({square(20, 20, 60)}));
    CHECK(deepest(plan.path) == Approx(-6.3));
    CHECK(plan.path.moves.back().to.z == Approx(5));
}

TEST_CASE("travels are made above the material only", "[mill]") {
    const CutPlan plan = plan_of(cuts({square(20, 20, 60), disc(50, 50, 12), disc(30, 30, 4)}));
    geometry::Vec3 at = plan.path.start;
    for (const Move& move : plan.path.moves) {
        if (move.kind == MoveKind::travel) {
            const bool level = at.x != move.to.x || at.y != move.to.y;
            if (level) CHECK(std::min(at.z, move.to.z) >= 5);
            CHECK(move.to.z >= 0.5);
        }
        at = move.to;
    }
}

TEST_CASE("passes are no deeper than the step, and go down along ramps", "[mill]") {
    MillSettings settings = mill();
    settings.tabs = 0;
    const CutPlan plan = plan_of(cuts({square(20, 20, 60)}), settings);
    geometry::Vec3 at = plan.path.start;
    double level = 0;
    for (const Move& move : plan.path.moves) {
        if (move.kind == MoveKind::cut) {
            const double drop = at.z - move.to.z;
            if (drop > 1e-9) {
                CHECK(drop / std::hypot(move.to.x - at.x, move.to.y - at.y) <
                      std::tan(3.1 / 180 * 3.14159) * 1.2);
            }
            level = std::min(level, move.to.z);
        }
        if (move.kind == MoveKind::plunge) CHECK(move.to.z >= level - 1e-6);
        at = move.to;
    }
    CHECK(level == Approx(-6.3));
}

TEST_CASE("tabs stand as high and as wide as told, below them nothing is cut", "[mill]") {
    const MillSettings settings = mill();
    const CutPlan plan = plan_of(cuts({square(20, 20, 60)}), settings);
    const double top = -settings.thickness_mm + settings.tab_height_mm;
    // Stretches at the tabs' height, in the last pass.
    double on_tabs = 0;
    geometry::Vec3 at = plan.path.start;
    std::size_t lifts = 0;
    for (const Move& move : plan.path.moves) {
        if (move.kind == MoveKind::lift) ++lifts;
        if (move.kind == MoveKind::cut && at.z == Approx(top) && move.to.z == Approx(top)) {
            on_tabs += length_mm(at, move);
        }
        at = move.to;
    }
    CHECK(lifts >= 4);
    // Every pass below the top keeps 4 tabs of 4 mm and the tool's 3 mm.
    CHECK(on_tabs >= 4 * (4 + 3) - 1e-6);
}

TEST_CASE("the kept part is on the right: climb milling", "[mill]") {
    MillSettings settings = mill();
    settings.tabs = 0;
    const CutPlan plan = plan_of(cuts({square(20, 20, 60), square(40, 40, 20)}), settings);
    Polygon inner;
    Polygon outer;
    for (const Move& move : plan.path.moves) {
        if (move.kind != MoveKind::cut || std::abs(move.to.z + 6.3) > 1e-6) continue;
        const Vec2 p{move.to.x, move.to.y};
        const bool inside = p.x > 39 && p.x < 61 && p.y > 39 && p.y < 61;
        (inside ? inner : outer).push_back(p);
    }
    CHECK(signed_area(inner) > 0);
    CHECK(signed_area(outer) < 0);
}

TEST_CASE("small waste is milled away whole, large waste is held by tabs", "[mill]") {
    const CutPlan small = plan_of(cuts({square(20, 20, 80), disc(60, 60, 7)}));
    const CutPlan none = plan_of(cuts({square(20, 20, 80), disc(60, 60, 2)}));
    // All of the disc of 7 mm is cleared: rings of less than the tool's width apart.
    std::set<int> rings;
    for (const Move& move : small.path.moves) {
        const double r = std::hypot(move.to.x - 60, move.to.y - 60);
        if (move.kind == MoveKind::cut && r < 6) rings.insert(static_cast<int>(std::lround(r * 5)));
    }
    CHECK(rings.size() >= 4);
    CHECK(none.facts.cut_mm < small.facts.cut_mm);
}

TEST_CASE("an engraved area is a pocket of its depth", "[mill]") {
    Outlines work = cuts({square(20, 20, 80)});
    work.engraved.push_back(square(40, 40, 30));
    const CutPlan plan = plan_of(work);
    double low = 0;
    for (const Move& move : plan.path.moves) {
        if (move.kind != MoveKind::engrave) continue;
        low = std::min(low, move.to.z);
        CHECK(move.to.x > 41.4);
        CHECK(move.to.x < 68.6);
    }
    CHECK(low == Approx(-1));
    CHECK_FALSE(plan.facts.leftovers.empty());  // Its corners stay round.
}

TEST_CASE("a hole narrower than the tool is refused", "[mill]") {
    const auto plan = plan_mill(cuts({square(20, 20, 60), disc(50, 50, 1.4)}), mill());
    REQUIRE_FALSE(plan);
    CHECK(plan.error().message.find("narrower than the cut (3 mm)") != std::string::npos);
}

TEST_CASE("random parts on the mill: nothing kept is cut", "[mill]") {
    int planned = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Outlines work = cuts({sample::star(seed, {100, 100}, 50, 80, 9),
                                    sample::star(seed + 50, {100, 100}, 15, 40, 6)});
        const auto plan = plan_mill(work, mill());
        INFO("seed " << seed);
        if (!plan) {
            CHECK(plan.error().message.find("narrower than the cut") != std::string::npos);
            continue;
        }
        ++planned;
        CHECK_FALSE(first_gouge(plan->path, even_odd(work.loops), 1.5 - gouge_slack_mm));
    }
    CHECK(planned > 5);
}

}  // namespace
}  // namespace nearfab::toolpath
