// SPDX-License-Identifier: GPL-3.0-or-later
// holes.hpp - the round holes among the narrow gaps of a part.

#pragma once

#include "geometry/search/bvh.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nearfab::geometry {

struct Hole {
    double diameter_mm =
        0;        // Between the facets; that of the circle through their corners is more.
    Vec3 centre;  // On the axis, somewhere along the hole.
    Vec3 axis;    // Of length 1.
};

// Whether the air about this point, which lies midway between two facing surfaces, is a cylinder
// with the point on its axis: the walls around have normals across one direction, and lie about
// equally far in all directions across it. `reach_mm` is the distance of the surfaces.
[[nodiscard]] std::optional<Hole> round_hole_at(const Bvh& bvh, const Vec3& point, double reach_mm);

}  // namespace nearfab::geometry
