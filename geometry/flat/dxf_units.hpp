// SPDX-License-Identifier: GPL-3.0-or-later
// dxf_units.hpp - the unit of a DXF drawing, and the doubts about it.

#pragma once

#include "geometry/flat/drawing.hpp"

#include <optional>

namespace nearfab::geometry::flat {

// The unit that the caller gives, or that $INSUNITS states, or millimetres that nobody stated.
[[nodiscard]] DrawingUnit dxf_unit(const std::optional<int>& insunits,
                                   const std::optional<double>& given_mm);

// Adds the remark unit_unstated or unit_doubtful where it applies. A unit given by the caller is
// never in doubt. REQUIRES: the paths are complete.
void say_unit(Drawing& drawing, bool given);

}  // namespace nearfab::geometry::flat
