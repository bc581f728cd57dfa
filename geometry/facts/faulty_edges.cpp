// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/faulty_edges.hpp"

#include "geometry/facts/edge_sides.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {
namespace {

Vec3 middle(const Vec3& a, const Vec3& b) {
    return {(a.x + b.x) / 2, (a.y + b.y) / 2, (a.z + b.z) / 2};
}

}  // namespace

FaultyEdges first_faulty_edges(const Mesh& mesh) {
    FaultyEdges first;
    EdgeSides(mesh).each_edge([&](std::uint32_t low, std::span<const EdgeSide> edge) {
        const bool same_way = edge.size() == 2 && edge[0].downwards() == edge[1].downwards();
        if (edge.size() == 2 && !same_way) return;
        std::optional<Vec3>& place = edge.size() == 1  ? first.open
                                     : edge.size() > 2 ? first.non_manifold
                                                       : first.misoriented;
        if (!place) place = middle(mesh.vertices[low], mesh.vertices[edge[0].high]);
    });
    return first;
}

}  // namespace nearfab::geometry
