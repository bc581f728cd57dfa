// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"
#include "geometry/process/limit_standing.hpp"

#include <algorithm>
#include <optional>

namespace nearfab::geometry {
namespace {

std::optional<double> larger(const std::optional<double>& a, const std::optional<double>& b) {
    if (a && b) return std::max(*a, *b);
    return a ? a : b;
}

void judge_outlines(const SheetFacts& s, std::string_view process, VerdictReasons& out) {
    if (!s.closed) {
        out.block("outline_open",
                  {},
                  s.open_ends,
                  0,
                  "1",
                  std::to_string(s.open_ends) + " ends of lines meet no other line");
    } else if (!s.any_outline && process != "laser_engrave") {
        out.block("nothing_to_cut",
                  {},
                  0,
                  1,
                  "1",
                  "no closed outline is to be cut, so nothing would come off the sheet");
    }
}

}  // namespace

void judge_sheet_cutting(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    if (!facts.sheet) {
        out.block("not_flat", {}, 0, 0, "", "the part is not a flat plate of one thickness");
        return;
    }
    judge_outlines(*facts.sheet, limits.process, out);
    const SheetFacts& s = *facts.sheet;
    const double thickness = s.thickness_mm.value_or(0);
    if (limits.sheet_max_mm &&
        standing_below(thickness, *limits.sheet_max_mm) == Standing::beyond) {
        out.block("sheet_too_thick",
                  {},
                  thickness,
                  *limits.sheet_max_mm,
                  "mm",
                  "the plate is " + rounded(thickness) + " mm thick, more than " +
                      rounded(*limits.sheet_max_mm) + " mm");
    }
    std::optional<double> feature;
    if (limits.feature_per_thickness && thickness > 0) {
        feature = *limits.feature_per_thickness * thickness;
    }
    out.at_least(s.smallest_feature,
                 limits.kerf_mm,
                 larger(limits.feature_min_mm, feature),
                 "feature_too_small",
                 "wall_thin",
                 std::string{strip_words});
    out.at_least(s.smallest_gap,
                 std::nullopt,
                 limits.gap_min_mm,
                 "slit_narrow",
                 "slit_narrow",
                 "the narrowest distance between cuts");
    std::optional<double> hole;
    if (limits.hole_per_thickness && thickness > 0) hole = *limits.hole_per_thickness * thickness;
    out.at_least(s.smallest_hole,
                 limits.kerf_mm,
                 hole,
                 "feature_too_small",
                 "hole_small",
                 std::string{hole_words});
}

void judge_sheet_milling(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    const SheetFacts& s = *facts.sheet;
    judge_outlines(s, limits.process, out);
    out.at_least(s.smallest_gap,
                 limits.gap_min_mm,
                 std::nullopt,
                 "gap_too_narrow",
                 "gap_narrow",
                 "the narrowest slot");
    out.at_least(s.smallest_inner_radius,
                 limits.inner_radius_min_mm,
                 limits.inner_radius_good_mm,
                 "corner_too_tight",
                 "corner_tight",
                 "the tightest inner radius");
    if (s.sharp_inner_corners > 0) judge_sharp_corner(s.sharp_inner_corner, limits, out);
}

void judge_sharp_corner(const VerdictReasons::Place& place,
                        const ProcessLimits& limits,
                        VerdictReasons& out) {
    const double radius = limits.inner_radius_min_mm.value_or(0);
    if (!(radius > 0)) return;
    out.remark("sharp_corner",
               place,
               0,
               radius,
               "mm",
               "an inner corner is sharp: it keeps a radius of at least " + rounded(radius) +
                   " mm, or is relieved with a dog-bone");
}

}  // namespace nearfab::geometry
