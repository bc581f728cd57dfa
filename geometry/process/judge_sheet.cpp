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

// "1 place", "2 places"
std::string counted(std::uint32_t n, const std::string& noun) {
    return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

void judge_open_ends(const SheetFacts& s, VerdictReasons& out) {
    if (s.open_ends.count > 0) {
        out.block("outline_open",
                  s.open_ends.place,
                  s.open_ends.count,
                  0,
                  "1",
                  counted(s.open_ends.count, "end") + " of lines meet" +
                      (s.open_ends.count == 1 ? "s" : "") + " no other line");
    }
    if (s.slits.count > 0) {
        out.remark("slits",
                   s.slits.place,
                   s.slits.count,
                   0,
                   "1",
                   counted(s.slits.count, "cut") +
                       (s.slits.count == 1 ? " does not close: it is a slit"
                                           : " do not close: they are slits") +
                       " in the material, which each fab allows for its materials or not");
    }
}

void judge_meetings(const SheetFacts& s, VerdictReasons& out) {
    if (s.dividing.count > 0) {
        out.block("outlines_cross",
                  s.dividing.place,
                  s.dividing.count,
                  0,
                  "1",
                  "cuts run across each other at " + counted(s.dividing.count, "place") +
                      ", so they would take the part apart");
    }
    if (s.touching.count > 0) {
        out.block("outlines_touch",
                  s.touching.place,
                  s.touching.count,
                  0,
                  "1",
                  "outlines touch at " + counted(s.touching.count, "place") +
                      ", so there is no room for the cut between them");
    }
    if (s.doubled) {
        out.remark(
            "double_cut",
            s.doubled->place,
            s.doubled->mm,
            0,
            "mm",
            rounded(s.doubled->mm) + " mm are drawn twice: cut twice, material chars and may burn");
    }
}

void judge_outlines(const SheetFacts& s, std::string_view process, VerdictReasons& out) {
    judge_open_ends(s, out);
    judge_meetings(s, out);
    if (s.open_ends.count == 0 && !s.any_outline && process != "laser_engrave") {
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
