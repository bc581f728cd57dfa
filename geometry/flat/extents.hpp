// SPDX-License-Identifier: GPL-3.0-or-later
// extents.hpp - hulls, smallest rectangles and widths of lines and arcs.

#pragma once

#include "geometry/flat/flat_facts.hpp"
#include "geometry/flat/pieces.hpp"

#include <span>
#include <vector>

namespace nearfab::geometry::flat {

// Of the convex hull. Arcs count as chords no further than 0.002 mm from them.
struct Extent {
    double hull_area_mm2 = 0;  // With what arcs bulge beyond these chords.
    double width_mm = 0;       // The least distance of two parallel lines with everything between.
    FlatRectangle rectangle;   // Of the least area.
};

// REQUIRES: at least one piece.
[[nodiscard]] Extent extent_of(std::span<const Piece> pieces);

}  // namespace nearfab::geometry::flat
