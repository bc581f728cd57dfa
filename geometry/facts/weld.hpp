// SPDX-License-Identifier: GPL-3.0-or-later
// weld.hpp - joins equal corners of loose triangles to one vertex.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/readers/stl.hpp"

#include <cstdint>

namespace nearfab::geometry {

struct WeldedMesh {
    // Triangles in the order of the file, or in that of near_order.hpp where they are scattered;
    // vertices in the order they first occur in these.
    Mesh mesh;
    std::uint32_t collapsed_triangles = 0;  // Left out: two corners became one.
};

// Corners are one vertex when their float32 coordinates are the same bits. The vertices of
// collapsed triangles stay, so that no extent is understated. Deterministic.
// REQUIRES: finite coordinates without -0, as read_stl gives them.
[[nodiscard]] WeldedMesh weld(const TriangleSoup& soup);
// The same for a binary STL, without loose triangles in between.
[[nodiscard]] WeldedMesh weld(const StlRecords& records);

}  // namespace nearfab::geometry
