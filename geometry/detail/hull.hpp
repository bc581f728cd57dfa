// SPDX-License-Identifier: GPL-3.0-or-later
// hull.hpp - the convex hull of points in the plane.

#pragma once

#include "geometry/vector.hpp"

#include <vector>

namespace nearfab::geometry::detail {

// Counter-clockwise, without repeated points and without points on an edge; one or two points for
// a hull that is a point or a line. Exact: CGAL decides every turn without rounding.
// REQUIRES: finite coordinates.
[[nodiscard]] std::vector<Vec2> convex_hull(const std::vector<Vec2>& points);

}  // namespace nearfab::geometry::detail
