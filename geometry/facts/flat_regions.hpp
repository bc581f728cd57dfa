// SPDX-License-Identifier: GPL-3.0-or-later
// flat_regions.hpp - which triangles lie in one plane, so that a facet is one however it is cut.
//
// Neighbours are joined when the far corner of the smaller one is no farther from the plane of the
// larger one than rounding to float32 may have put it. A sliver, which is so flat that rounding
// decides which way it looks, has no direction of its own: it belongs to what it touches along a
// long side (of two different planes to either: it is thinner than they can be told apart).

#pragma once

#include "geometry/facts/sharp_edges.hpp"
#include "geometry/mesh.hpp"
#include "geometry/search/vector_maths.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

class FlatRegions {
public:
    // A triangle is a sliver when its smallest height is below this share of the largest
    // coordinate. Of a triangle just above, rounding turns the normal by a degree or so.
    static constexpr double sliver_ratio = 1.5e-5;

    // One pass over all edges. Keeps 4.3 bytes for each triangle; takes 24 more, and 36 for each
    // edge of a sliver, while it runs. The mesh outlives this and stays where it is.
    // REQUIRES: a welded mesh; the normals look outwards.
    FlatRegions(const Mesh& mesh, double sharp_below_deg);

    // The largest triangle of the region, which stands for it.
    [[nodiscard]] std::uint32_t of(std::uint32_t triangle) const { return region_[triangle]; }
    // Perpendicular to the region, outwards, as long as twice the area of its largest triangle;
    // {0, 0, 0} where there are nothing but slivers.
    [[nodiscard]] Vec3 normal(std::uint32_t triangle) const {
        const std::uint32_t region = region_[triangle];
        return sliver_[region] ? Vec3{} : own_normal(region);
    }
    // Not so if all triangles are thin, but for those without area.
    [[nodiscard]] bool sliver(std::uint32_t triangle) const { return sliver_[triangle]; }
    // Whether a region, given by its number, has several triangles.
    [[nodiscard]] bool several(std::uint32_t region) const { return several_[region]; }

    // The edges between regions that enclose less than the angle asked for, see sharp_edges.hpp.
    [[nodiscard]] const std::vector<SharpEdge>& sharp_edges() const { return sharp_edges_; }

private:
    // An edge that slivers lie on, or that is sharp.
    struct Edge {
        std::uint32_t low = 0;
        std::uint32_t high = 0;
        std::uint32_t upwards = 0;  // The triangle whose side runs from low to high.
        std::uint32_t downwards = 0;
        bool of_sliver = false;
    };

    [[nodiscard]] Vec3 own_normal(std::uint32_t triangle) const {
        using namespace maths;
        const auto& [a, b, c] = mesh_.triangles.data()[triangle];
        const Vec3* const v = mesh_.vertices.data();
        return cross(minus(v[b], v[a]), minus(v[c], v[a]));
    }
    void mark_slivers();
    std::vector<Edge> join_flat(double sharp_below_deg);
    void join_slivers(const std::vector<Edge>& edges);
    void settle();
    void find_sharp(const std::vector<Edge>& edges, double below_deg);
    [[nodiscard]] bool look_alike(std::uint32_t one, std::uint32_t other) const;
    [[nodiscard]] bool in_one_plane(std::uint32_t one, std::uint32_t other) const;
    std::uint32_t root(std::uint32_t triangle);
    void join(std::uint32_t one, std::uint32_t other);

    const Mesh& mesh_;
    double largest_;  // Coordinate.
    LargeArray<std::uint32_t> region_;
    std::vector<bool> sliver_;
    std::vector<bool> several_;  // Of regions.
    std::vector<SharpEdge> sharp_edges_;
};

}  // namespace nearfab::geometry
