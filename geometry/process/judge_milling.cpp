// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"

namespace nearfab::geometry {
namespace {

void judge_setups(const MillingFacts& m, const ProcessLimits& limits, VerdictReasons& out) {
    const auto setups = static_cast<double>(m.setups.size());
    const std::string count = std::to_string(m.setups.size()) + " setups";
    if (limits.setups_max && setups > *limits.setups_max) {
        out.block("too_many_setups",
                  {},
                  setups,
                  *limits.setups_max,
                  "1",
                  "it takes " + count + ", more than " + rounded(*limits.setups_max));
    } else if (limits.setups_good && setups > *limits.setups_good) {
        out.remark("several_setups",
                   {},
                   setups,
                   *limits.setups_good,
                   "1",
                   "it takes " + count + ": each is clamped and zeroed by hand");
    }
}

void judge_pockets(const MillingFacts& m, const ProcessLimits& limits, VerdictReasons& out) {
    if (m.slimmest) {
        const Pocket& p = *m.slimmest;
        const std::string words = "a pocket or hole is " + rounded(p.depth_mm) + " mm deep and " +
                                  rounded(p.width_mm) + " mm wide, " + rounded(p.ratio()) +
                                  " times its width";
        if (limits.tool_ratio_max && p.ratio() > *limits.tool_ratio_max) {
            out.block("pocket_too_deep",
                      p.place,
                      p.ratio(),
                      *limits.tool_ratio_max,
                      "1",
                      words + ", beyond " + rounded(*limits.tool_ratio_max));
        } else if (limits.tool_ratio_good && p.ratio() > *limits.tool_ratio_good) {
            out.remark("pocket_deep",
                       p.place,
                       p.ratio(),
                       *limits.tool_ratio_good,
                       "1",
                       words + ", beyond " + rounded(*limits.tool_ratio_good));
        }
        if (limits.gap_min_mm && p.width_mm < *limits.gap_min_mm) {
            out.block("gap_too_narrow",
                      p.place,
                      p.width_mm,
                      *limits.gap_min_mm,
                      "mm",
                      below("a pocket's width", p.width_mm, *limits.gap_min_mm));
        }
    }
    // A wide pocket takes a thicker and longer tool than the usual one.
    const double usual = limits.tool_diameter_mm.value_or(0);
    const double reach = limits.tool_length_mm.value_or(0);
    if (m.deepest && reach > 0 && m.deepest->depth_mm > reach && m.deepest->width_mm < 2 * usual) {
        out.remark("tool_too_short",
                   m.deepest->place,
                   m.deepest->depth_mm,
                   reach,
                   "mm",
                   "the deepest pocket is " + rounded(m.deepest->depth_mm) +
                       " mm, and the usual tool cuts " + rounded(reach) + " mm");
    }
}

void judge_corner(const MillingFacts& m, const ProcessLimits& limits, VerdictReasons& out) {
    if (!m.tightest) return;
    const InnerCorner& c = *m.tightest;
    const double must = limits.inner_radius_min_mm.value_or(0);
    const double should = limits.inner_radius_good_mm.value_or(0);
    if (c.radius_mm == 0) {
        judge_sharp_corner(c.place, limits, out);
    } else if (c.radius_mm < must) {
        out.block("corner_too_tight",
                  c.place,
                  c.radius_mm,
                  must,
                  "mm",
                  below("the tightest inner radius", c.radius_mm, must));
    } else if (c.radius_mm < should) {
        out.remark("corner_tight",
                   c.place,
                   c.radius_mm,
                   should,
                   "mm",
                   below("the tightest inner radius", c.radius_mm, should));
    }
}

}  // namespace

void judge_milling(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    if (!facts.milling) return;
    const MillingFacts& m = *facts.milling;
    const double share = m.area_mm2 > 0 ? m.undercut_area_mm2 / m.area_mm2 : 0;
    if (share > limits.undercut_share.value_or(0)) {
        out.block("undercut",
                  m.undercuts.empty() ? VerdictReasons::Place{}
                                      : VerdictReasons::Place{m.undercuts.front().centre},
                  share,
                  limits.undercut_share.value_or(0),
                  "1",
                  "no straight cutter reaches " + rounded(m.undercut_area_mm2) + " mm2, " +
                      rounded(100 * share) + " % of the surface");
    }
    judge_setups(m, limits, out);
    judge_pockets(m, limits, out);
    judge_corner(m, limits, out);
}

}  // namespace nearfab::geometry
