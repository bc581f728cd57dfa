// SPDX-License-Identifier: GPL-3.0-or-later
// part_facts.hpp - the measurements of the other rooms as the facts that verdicts look at.

#pragma once

#include "geometry/flat/flat_facts.hpp"
#include "geometry/process/verdict.hpp"
#include "geometry/thickness/wall_thickness.hpp"

#include <optional>

namespace nearfab::geometry {

// Fills in thinnest_wall, narrowest_gap and smallest_hole.
void add_widths(const WallThickness& widths, PartFacts& facts);

// The ways between cuts are not in a drawing: as many as there are cuts, each as long as the mean
// distance between as many points spread over the sheet.
[[nodiscard]] SheetFacts sheet_facts_of(const FlatFacts& flat, std::optional<double> thickness_mm);

}  // namespace nearfab::geometry
