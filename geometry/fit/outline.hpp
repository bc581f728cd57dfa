// SPDX-License-Identifier: GPL-3.0-or-later
// outline.hpp - the outline of a part seen along an axis, for the question whether it fits.

#pragma once

#include "geometry/fit/envelope_fit.hpp"
#include "geometry/mesh.hpp"

#include <cstddef>
#include <vector>

namespace nearfab::geometry {

// A report travels with every work order, so its outlines are kept small.
inline constexpr std::size_t max_outline_points = 64;

struct Outline {
    std::vector<Vec2> points;  // Convex, counter-clockwise.
    double grown_mm = 0;       // No point lies further than this outside the true hull.
};

// A convex polygon of at most max_points that contains the hull and has the same bounding box.
// A hull that is small enough is returned as it is.
// REQUIRES: hull is strictly convex and counter-clockwise; max_points >= 8.
[[nodiscard]] Outline simplify_outline(const std::vector<Vec2>& hull, std::size_t max_points);

// The outline of points seen from above: their hull, simplified to max_outline_points.
// REQUIRES: finite coordinates.
[[nodiscard]] Outline outline_of(const std::vector<Vec2>& points);

struct PartStances {
    Stances stances;
    double grown_mm = 0;  // The largest of the three.
};

// REQUIRES: at least one vertex; bounds are those of the mesh.
[[nodiscard]] PartStances stances_of(const Mesh& mesh, const Bounds& bounds);

}  // namespace nearfab::geometry
