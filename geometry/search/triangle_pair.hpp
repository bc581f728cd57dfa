// SPDX-License-Identifier: GPL-3.0-or-later
// triangle_pair.hpp - whether two triangles of a mesh run into each other, decided exactly.

#pragma once

#include "geometry/mesh.hpp"

#include <cstdint>

namespace nearfab::geometry {

// Whether two triangles have a point in common that is not on a corner or edge of both by their
// vertex numbers. Touching counts: a corner that lies on another triangle, two coplanar triangles
// that overlap, two that share an edge and lie on each other, two with the same three vertices.
// REQUIRES: neither is collinear.
[[nodiscard]] bool intersect(const Mesh& mesh, std::uint32_t one, std::uint32_t other);

// About where: the middle of what they have in common, or near it.
// REQUIRES: they intersect.
[[nodiscard]] Vec3 where_they_meet(const Mesh& mesh, std::uint32_t one, std::uint32_t other);

}  // namespace nearfab::geometry
