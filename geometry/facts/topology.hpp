// SPDX-License-Identifier: GPL-3.0-or-later
// topology.hpp - how the triangles of a mesh hang together.

#pragma once

#include "geometry/mesh.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

// The words are those of MeshFacts (part_report.hpp).
struct Topology {
    std::uint32_t open_edges = 0;
    std::uint32_t non_manifold_edges = 0;
    std::uint32_t misoriented_edges = 0;
    // Triangles with the same three vertices as an earlier one, whichever way round.
    std::uint32_t duplicate_triangles = 0;
    std::uint32_t shells = 0;
    LargeArray<std::uint32_t> shell_of;  // Per triangle; numbered by their first triangle.
};

// REQUIRES: a welded mesh without collapsed triangles.
[[nodiscard]] Topology topology_of(const Mesh& mesh);

}  // namespace nearfab::geometry
