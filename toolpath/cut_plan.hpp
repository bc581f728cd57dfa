// SPDX-License-Identifier: GPL-3.0-or-later
// cut_plan.hpp - from outlines on a sheet to the moves of a laser or a mill; start here.
//
// First what is engraved, then what is scored, then what is cut. Of the cuts, whatever lies in an
// outline comes before it, so that nothing is cut in a part that has come loose. Every cut is held
// against the kept material once more before a plan is given out: none comes nearer than the
// radius of the tool, within gouge_slack_mm.
//
// Outlines run clockwise and holes counter-clockwise, so the kept part is always on the right:
// climb milling for a spindle that turns clockwise, and the waste is always on the left.
//
// Pure and deterministic. About a second for a hundred thousand lines.

#pragma once

#include "base/result.hpp"
#include "toolpath/compensation.hpp"
#include "toolpath/moves.hpp"
#include "toolpath/outlines.hpp"
#include "toolpath/settings.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::toolpath {

struct PlanFacts {
    double cut_mm = 0;  // Way of the tool while cutting, all passes.
    double score_mm = 0;
    double engrave_mm = 0;
    double travel_mm = 0;
    std::uint32_t pierces = 0;
    std::uint32_t without_lead = 0;   // Closed cuts that had no room for one (lasers).
    std::vector<Leftover> leftovers;  // Inner corners and pocket corners that keep material.
    geometry::FlatBounds cut_bounds;  // Of all the tool touches.
    double time_s = 0;                // By the acceleration model, with spin-up.
};

struct CutPlan {
    Toolpath path;
    PlanFacts facts;
};

// Errors, each with what to do: invalid_argument (settings out of range, larger than the sheet),
// invalid_file (a feature narrower than the tool), too_large (too many moves).
[[nodiscard]] Result<CutPlan> plan_laser(const Outlines& outlines, const LaserSettings& settings);
[[nodiscard]] Result<CutPlan> plan_mill(const Outlines& outlines, const MillSettings& settings);

// Corners drawn in chords and arcs fitted to them are off by less than this together.
inline constexpr double gouge_slack_mm = 0.02;
inline constexpr std::size_t most_moves = 4'000'000;

}  // namespace nearfab::toolpath
