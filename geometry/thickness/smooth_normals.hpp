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
//
// A facet is all the triangles that lie in one plane (flat_regions.hpp). Its corners are the
// vertices where three facets or more meet, and the blend is the linear function of the place that
// fits best to their normals; three corners it meets exactly. Where it is not about 0 in the middle
// of the facet, as on a flat wall that bends at one end, the normal is that of the facet
// everywhere.

#pragma once

#include "geometry/facts/flat_regions.hpp"
#include "geometry/mesh.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

class SmoothNormals {
public:
    // The mesh outlives this and stays where it is. Takes about 20 bytes for each triangle, and 4
    // for each corner of a facet of several triangles.
    explicit SmoothNormals(const Mesh& mesh);

    // What is the same all over the triangles that lie in one plane.
    struct Facet {
        Vec3 normal;  // Of length 1, outwards; {0, 0, 0} where there are nothing but slivers.
        std::array<Vec3, 3> at_corners;  // Of the largest of them; of any length.
        double bend = 0;  // The sine of the largest angle between the normal and one at a corner.
    };
    // The region is a number that regions().of(triangle) gives.
    [[nodiscard]] Facet facet(std::uint32_t region) const;

    // Of length 1, outwards; {0, 0, 0} where there are nothing but slivers.
    // REQUIRES: the facet is that of the region, and the point lies on it.
    [[nodiscard]] Vec3 at(std::uint32_t region, const Facet& facet, const Vec3& point) const;

    // The triangles that share a vertex.
    [[nodiscard]] std::span<const std::uint32_t> round(std::uint32_t vertex) const {
        return {round_.data() + first_[vertex], first_[vertex + 1] - first_[vertex]};
    }

    [[nodiscard]] const FlatRegions& regions() const { return regions_; }

private:
    Vec3 at_corner(std::uint32_t vertex, const Vec3& normal) const;
    void find_corners();
    std::span<const std::uint32_t> corners_of_region(std::uint32_t region) const;
    void fit(std::uint32_t region, Facet& facet) const;

    const Mesh& mesh_;
    FlatRegions regions_;
    LargeArray<std::uint32_t> first_;  // Per vertex: where its triangles begin in round_.
    LargeArray<std::uint32_t> round_;
    // The facets of several triangles that bend into another one, by number, with where their
    // corners begin in corners_; one more at the end.
    struct First {
        std::uint32_t region;
        std::uint32_t corner;
    };
    std::vector<First> regions_with_corners_;
    std::vector<std::uint32_t> corners_;
};

}  // namespace nearfab::geometry
