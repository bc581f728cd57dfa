// SPDX-License-Identifier: GPL-3.0-or-later
// arc_fit.hpp - finds the arcs and circles that a polygon was made of.
//
// A run of corners is an arc when all of them lie on one circle within the tolerance, all turn the
// same way, and no edge spans more than 25 degrees of it: a hexagon stays a hexagon. An arc has at
// least four edges; a circle fourteen of them or more, by the same limit.

#pragma once

#include "geometry/flat/drawing.hpp"

#include <limits>
#include <vector>

namespace nearfab::geometry::flat {

// The same closed outline with arcs, and without points on straight lines between others. The
// result lies within the tolerance of every corner, and no arc is further than edge_mm from the
// edges it stands for: a polygon that was drawn as one may not become round for those who must not
// leave its edges. Time is about n log n. REQUIRES: three corners at least, tolerance > 0.
[[nodiscard]] std::vector<PathPoint> with_arcs(
    const std::vector<Vec2>& polygon,
    double tolerance_mm,
    double edge_mm = std::numeric_limits<double>::infinity());

}  // namespace nearfab::geometry::flat
