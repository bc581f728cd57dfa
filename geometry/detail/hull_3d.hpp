// SPDX-License-Identifier: GPL-3.0-or-later
// hull_3d.hpp - the convex hull of points in space.

#pragma once

#include "geometry/mesh.hpp"

#include <span>

namespace nearfab::geometry::detail {

// A triangle mesh, outward oriented; each vertex is one of the points. Empty when all points lie
// in one plane. Exact predicates (CGAL). REQUIRES: finite coordinates.
[[nodiscard]] Mesh convex_hull_3d(std::span<const Vec3> points);

}  // namespace nearfab::geometry::detail
