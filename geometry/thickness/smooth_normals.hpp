// SPDX-License-Identifier: GPL-3.0-or-later
// smooth_normals.hpp - the direction of the round surface that flat triangles stand for.
//
// A mesh of a sphere has flat facets, and the perpendicular of a facet misses the middle of the
// sphere everywhere but in the middle of the facet. Where neighbours meet at less than 30 degrees
// the normal is therefore blended from those of the corners, each the mean of the triangles round
// it weighted by their angles there (Thuermer and Wuethrich, "Computing Vertex Normals from
// Polygonal Facets", 1998). Sharper edges are not blended over, and no normal is turned by more
// than 15 degrees from that of its facet, so that on a flat wall beside a bend a width measured
// along it is too large by 1.8 % at most.

#pragma once

#include "geometry/mesh.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace nearfab::geometry {

class SmoothNormals {
public:
    // The mesh outlives this. Takes about 16 bytes for each triangle.
    explicit SmoothNormals(const Mesh& mesh);

    // What is the same all over a triangle.
    struct Facet {
        Vec3 normal;  // Of length 1, outwards; {0, 0, 0} for a triangle without area.
        std::array<Vec3, 3> at_corners;
        double bend = 0;  // The sine of the largest angle between the normal and one at a corner.
    };
    [[nodiscard]] Facet facet(std::uint32_t triangle) const;

    // Of length 1, outwards; {0, 0, 0} for a triangle without area.
    // REQUIRES: the facet is that of the triangle, and the point lies on it.
    [[nodiscard]] Vec3 at(std::uint32_t triangle, const Facet& facet, const Vec3& point) const;

    // The triangles that share a vertex.
    [[nodiscard]] std::span<const std::uint32_t> round(std::uint32_t vertex) const {
        return {round_.data() + first_[vertex], first_[vertex + 1] - first_[vertex]};
    }

private:
    Vec3 at_corner(std::uint32_t vertex, const Vec3& normal) const;

    const Mesh& mesh_;
    LargeArray<std::uint32_t> first_;  // Per vertex: where its triangles begin in round_.
    LargeArray<std::uint32_t> round_;
};

}  // namespace nearfab::geometry
