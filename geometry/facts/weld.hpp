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
    bool bodies_apart = false;              // Corners of different bodies were not joined.
};

// Corners are one vertex when their float32 coordinates are the same bits. The vertices of
// collapsed triangles stay, so that no extent is understated. Deterministic.
// REQUIRES: finite coordinates without -0, as read_stl gives them.
[[nodiscard]] WeldedMesh weld(const TriangleSoup& soup);
// The same with every body for itself: corners of two bodies are two vertices.
// REQUIRES: the soup has bodies.
[[nodiscard]] WeldedMesh weld_apart(const TriangleSoup& soup);
// Joined, unless bodies that are closed by themselves would then share edges, as those do that
// stand on each other with whole faces; then apart.
[[nodiscard]] WeldedMesh weld_bodies(const TriangleSoup& soup);
// The same for a binary STL, without loose triangles in between.
[[nodiscard]] WeldedMesh weld(const StlRecords& records);

}  // namespace nearfab::geometry
