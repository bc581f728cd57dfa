// SPDX-License-Identifier: GPL-3.0-or-later
// part_hull.hpp - the convex hull of a part, quickly, and the sides it can lie on.
//
// For a part of many vertices the hull is that of one vertex per cone of about three degrees seen
// from the middle: the one furthest out. It lies inside the true hull and misses it by little, so
// it serves to find directions; what is then said about a direction is measured on all vertices.
// Pure; O(vertices) plus the hull of at most hull_cones points.

#pragma once

#include "geometry/mesh.hpp"

#include <cstddef>
#include <vector>

namespace nearfab::geometry {

inline constexpr std::size_t hull_cones = 6 * 28 * 28;

// Empty for a flat part. REQUIRES: at least one vertex.
[[nodiscard]] Mesh hull_of_part(const Mesh& mesh);

// A flat side of the hull: triangles whose normals differ by less than a degree or so.
struct HullSide {
    Vec3 normal;  // Outward, of length one.
    double area_mm2 = 0;
};

// The largest first.
[[nodiscard]] std::vector<HullSide> sides_of(const Mesh& hull);

}  // namespace nearfab::geometry
