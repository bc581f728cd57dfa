// SPDX-License-Identifier: GPL-3.0-or-later
// dxf_units.hpp - the unit of a DXF drawing, and the doubts about it.

#pragma once

#include "base/length_unit.hpp"
#include "geometry/flat/drawing.hpp"

#include <optional>

namespace nearfab::geometry::flat {

// The unit that the caller gives, or that $INSUNITS states, or millimetres that nobody stated.
[[nodiscard]] DrawingUnit dxf_unit(const std::optional<int>& insunits, LengthUnit given);

// Adds the remark unit_unstated, unit_doubtful or unit_overridden where it applies. A unit given by
// the caller is never in doubt. REQUIRES: the paths are complete; `insunits` as for dxf_unit.
void say_unit(Drawing& drawing, const std::optional<int>& insunits);

}  // namespace nearfab::geometry::flat
