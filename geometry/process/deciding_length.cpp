// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"

#include <algorithm>

namespace nearfab::geometry {
namespace {

// The limit from which on more than a sliver is below it.
std::optional<PlacedLength> without_sliver(std::optional<PlacedLength> narrowest,
                                           const std::optional<double>& hundredth_mm) {
    if (narrowest && hundredth_mm) narrowest->mm = std::max(narrowest->mm, *hundredth_mm);
    return narrowest;
}

}  // namespace

bool depends_on_machine(std::string_view rule, std::string_view process) {
    // A mill's machine states the size of its cutter, which says nothing of walls.
    if (rule == "wall_too_thin") return family_of(process) != ProcessFamily::milling;
    return rule == "too_large" || rule == "gap_too_narrow" || rule == "feature_too_small" ||
           rule == "corner_too_tight" || rule == "sheet_too_thick";
}

std::optional<DecidingLength> finest_needed(const PartFacts& facts, std::string_view process) {
    const std::optional<ProcessFamily> family = family_of(process);
    if (!family) return std::nullopt;
    std::optional<DecidingLength> finest;
    const auto take = [&](std::string_view what, const std::optional<PlacedLength>& length) {
        if (length && (!finest || length->mm < finest->length.mm)) finest = {what, *length};
    };
    const auto& sheet = facts.sheet;
    if (*family == ProcessFamily::sheet_cutting) {
        if (!sheet) return std::nullopt;
        take(strip_words, sheet->smallest_feature);
        take(hole_words, sheet->smallest_hole);
        return finest;
    }
    if (!facts.is_solid_file) {
        if (sheet) take("the narrowest slot", sheet->smallest_gap);
        return finest;
    }
    if (*family == ProcessFamily::printing) {
        take(wall_words, without_sliver(facts.thinnest_wall, facts.hundredth_wall_mm));
    }
    take(hole_words, facts.smallest_hole);
    take(gap_words, without_sliver(facts.narrowest_gap, facts.hundredth_gap_mm));
    return finest;
}

}  // namespace nearfab::geometry
