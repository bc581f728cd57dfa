// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"
#include "geometry/process/limit_standing.hpp"

namespace nearfab::geometry {
namespace {

// Less than a hundredth is below `limit`, though the narrowest place is.
bool is_sliver(const std::optional<PlacedLength>& narrowest,
               const std::optional<double>& hundredth_mm,
               const std::optional<double>& limit) {
    if (!narrowest || !limit || !hundredth_mm) return false;
    return standing_above(narrowest->mm, *limit) == Standing::beyond &&
           standing_above(*hundredth_mm, *limit) != Standing::beyond;
}

struct TwoRules {
    std::string_view bad;
    std::string_view poor;
};

// A sliver is no reason to refuse the part; it is remarked.
void judge_widths(const std::optional<PlacedLength>& narrowest,
                  const std::optional<double>& hundredth_mm,
                  const std::optional<double>& must,
                  const std::optional<double>& should,
                  const TwoRules& rules,
                  std::string_view what,
                  std::string_view sliver_what,
                  VerdictReasons& out) {
    const bool sliver = is_sliver(narrowest, hundredth_mm, must);
    out.at_least(narrowest,
                 sliver ? std::nullopt : must,
                 sliver ? must : should,
                 rules.bad,
                 rules.poor,
                 std::string{sliver ? sliver_what : what});
}

// What the machine makes the part in, and would be shut in with it.
std::string_view left_inside(std::string_view process) {
    if (process == "sla") return "resin";
    if (process == "sls" || process == "pbf_metal" || process == "binder_jet") return "powder";
    return process == "material_jet" ? "support" : "";
}

}  // namespace

void judge_voids(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    if (facts.closed_voids == 0) return;
    const std::string hollows =
        (facts.closed_voids == 1 ? std::string{"a closed hollow"}
                                 : std::to_string(facts.closed_voids) + " closed hollows") +
        " of " + rounded(facts.closed_voids_mm3) + " mm3";
    const auto say = [&](bool blocking, std::string words) {
        const auto add = blocking ? &VerdictReasons::block : &VerdictReasons::remark;
        (out.*add)("closed_void",
                   facts.closed_void,
                   static_cast<double>(facts.closed_voids),
                   0,
                   "1",
                   std::move(words));
    };
    if (family_of(limits.process) == ProcessFamily::milling) {
        say(true, "no cutter gets into " + hollows);
    } else if (const std::string_view stuff = left_inside(limits.process); !stuff.empty()) {
        say(false,
            std::string{stuff} + " stays in " + hollows + ": give it an opening to get out by");
    }
}

void judge_solid(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    if (!facts.closed_and_oriented) {
        out.block("not_solid", {}, 0, 0, "", "the surface is not a closed, outward oriented solid");
    }
    judge_widths(facts.thinnest_wall,
                 facts.hundredth_wall_mm,
                 limits.wall_min_mm,
                 limits.wall_good_mm,
                 {"wall_too_thin", "wall_thin"},
                 wall_words,
                 "a sliver of less than a hundredth of the surface",
                 out);
    judge_widths(facts.narrowest_gap,
                 facts.hundredth_gap_mm,
                 limits.gap_min_mm,
                 limits.gap_good_mm,
                 {"gap_too_narrow", "gap_narrow"},
                 gap_words,
                 "a gap along less than a hundredth of all gaps",
                 out);
    out.at_least(facts.smallest_feature,
                 std::nullopt,
                 limits.feature_min_mm,
                 "feature_small",
                 "feature_small",
                 "the smallest pin or bar");
    judge_voids(facts, limits, out);
    out.at_least(facts.smallest_hole,
                 std::nullopt,
                 limits.hole_min_mm,
                 "hole_small",
                 "hole_small",
                 std::string{hole_words});
}

}  // namespace nearfab::geometry
