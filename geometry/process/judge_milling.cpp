// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"
#include "geometry/process/limit_standing.hpp"

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

void judge_slimmest(const Pocket& p, const ProcessLimits& limits, VerdictReasons& out) {
    const std::string words = "a pocket or hole is " + rounded(p.depth_mm) + " mm deep and " +
                              rounded(p.width_mm) + " mm wide, " + rounded(p.ratio()) +
                              " times its width";
    const Standing standing = limits.tool_ratio_max
                                  ? ratio_standing(p.ratio(), *limits.tool_ratio_max)
                                  : Standing::within;
    if (standing == Standing::beyond) {
        out.block("pocket_too_deep",
                  p.place,
                  p.ratio(),
                  *limits.tool_ratio_max,
                  "1",
                  words + ", beyond " + rounded(*limits.tool_ratio_max));
    } else if (standing == Standing::at_limit) {
        out.remark("pocket_deep",
                   p.place,
                   p.ratio(),
                   *limits.tool_ratio_max,
                   "1",
                   words + ", at the limit of " + rounded(*limits.tool_ratio_max));
    } else if (limits.tool_ratio_good &&
               ratio_standing(p.ratio(), *limits.tool_ratio_good) == Standing::beyond) {
        out.remark("pocket_deep",
                   p.place,
                   p.ratio(),
                   *limits.tool_ratio_good,
                   "1",
                   words + ", beyond " + rounded(*limits.tool_ratio_good));
    }
    out.at_least(PlacedLength{p.width_mm, p.place},
                 limits.gap_min_mm,
                 std::nullopt,
                 "gap_too_narrow",
                 "gap_narrow",
                 "a pocket's width");
}

void judge_pockets(const MillingFacts& m, const ProcessLimits& limits, VerdictReasons& out) {
    if (m.slimmest) judge_slimmest(*m.slimmest, limits, out);
    // A wide pocket takes a thicker and longer tool than the usual one.
    const double usual = limits.tool_diameter_mm.value_or(0);
    const double reach = limits.tool_length_mm.value_or(0);
    if (m.deepest && reach > 0 && standing_below(m.deepest->depth_mm, reach) == Standing::beyond &&
        m.deepest->width_mm < 2 * usual) {
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
    if (c.radius_mm == 0) {
        judge_sharp_corner(c.place, limits, out);
        return;
    }
    out.at_least(PlacedLength{c.radius_mm, c.place},
                 limits.inner_radius_min_mm,
                 limits.inner_radius_good_mm,
                 "corner_too_tight",
                 "corner_tight",
                 "the tightest inner radius");
}

}  // namespace

void judge_milling(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    if (!facts.milling) return;
    const MillingFacts& m = *facts.milling;
    const double share = m.area_mm2 > 0 ? m.undercut_area_mm2 / m.area_mm2 : 0;
    const VerdictReasons::Place place = m.undercuts.empty()
                                            ? VerdictReasons::Place{}
                                            : VerdictReasons::Place{m.undercuts.front().centre};
    const std::string words = "no straight cutter reaches " + rounded(m.undercut_area_mm2) +
                              " mm2, " + rounded(100 * share) + " % of the surface";
    const double limit = limits.undercut_share.value_or(0);
    if (share > limit) {
        out.block("undercut", place, share, limit, "1", words);
    } else if (share > 0) {
        out.remark("undercut_small", place, share, limit, "1", words);
    }
    judge_setups(m, limits, out);
    judge_pockets(m, limits, out);
    judge_corner(m, limits, out);
}

}  // namespace nearfab::geometry
