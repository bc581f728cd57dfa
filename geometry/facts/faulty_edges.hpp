// SPDX-License-Identifier: GPL-3.0-or-later
// faulty_edges.hpp - where a surface is not closed, manifold or oriented: the first place of each.

#pragma once

#include "geometry/mesh.hpp"

#include <optional>

namespace nearfab::geometry {

// The middles of edges; the words are those of MeshFacts (part_report.hpp).
struct FaultyEdges {
    std::optional<Vec3> open;
    std::optional<Vec3> non_manifold;
    std::optional<Vec3> misoriented;
};

// The first of each kind by the numbers of their vertices. Takes as long as topology_of; for meshes
// that have such edges only. REQUIRES: a welded mesh without collapsed triangles.
[[nodiscard]] FaultyEdges first_faulty_edges(const Mesh& mesh);

}  // namespace nearfab::geometry
