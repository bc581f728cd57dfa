// SPDX-License-Identifier: GPL-3.0-or-later
// sharp_edges.hpp - the edges where a part runs out like a knife, or is cut like a groove.

#pragma once

#include "geometry/mesh.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

inline constexpr double sharp_deg = 60.5;  // Edges of 60 degrees that float32 rounded included.

struct SharpEdge {
    std::uint32_t from = 0;  // Vertices, the lower number first.
    std::uint32_t to = 0;
    double angle_deg = 0;  // Between the two sides: of the material, or of the air for a groove.
    bool groove = false;
};

// The edges with exactly two triangles, turned the same way, that enclose less than this angle;
// sorted by their vertices. A triangle looks where its region does (flat_regions.hpp), so that
// slivers have no sharp edges of their own.
// REQUIRES: the normals look outwards; a welded mesh.
[[nodiscard]] std::vector<SharpEdge> sharp_edges(const Mesh& mesh, double below_deg);

}  // namespace nearfab::geometry
