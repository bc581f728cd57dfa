// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"

namespace nearfab::geometry {
namespace {

// Less than a hundredth is below `limit`, though the narrowest place is.
bool is_sliver(const std::optional<PlacedLength>& narrowest,
               const std::optional<double>& hundredth_mm,
               const std::optional<double>& limit) {
    return narrowest && limit && hundredth_mm && narrowest->mm < *limit && *hundredth_mm >= *limit;
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

}  // namespace

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
    out.at_least(facts.smallest_hole,
                 std::nullopt,
                 limits.hole_min_mm,
                 "hole_small",
                 "hole_small",
                 std::string{hole_words});
}

}  // namespace nearfab::geometry
