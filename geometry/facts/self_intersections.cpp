// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/self_intersections.hpp"

#include "geometry/search/orientation.hpp"
#include "geometry/search/triangle_pair.hpp"

#include <algorithm>
#include <set>

namespace nearfab::geometry {
namespace {

std::vector<bool> collinear_ones(const Mesh& mesh) {
    std::vector<bool> out;
    out.reserve(mesh.triangles.size());
    const Vec3* const v = mesh.vertices.data();
    for (const auto& [a, b, c] : mesh.triangles)
        out.push_back(collinear(v[a], v[b], v[c]));
    return out;
}

bool share_a_vertex(const Mesh& mesh, std::uint32_t one, std::uint32_t other) {
    const auto& s = mesh.triangles.data()[one];
    const auto& t = mesh.triangles.data()[other];
    return std::any_of(
        s.begin(), s.end(), [&](std::uint32_t v) { return v == t[0] || v == t[1] || v == t[2]; });
}

}  // namespace

SelfIntersections self_intersections(const Bvh& bvh,
                                     std::span<const std::uint32_t> shell_of,
                                     const IntersectionLimits& limits) {
    const Mesh& mesh = bvh.mesh();
    const std::vector<bool> left_out = collinear_ones(mesh);
    SelfIntersections out;
    std::set<std::pair<std::uint32_t, std::uint32_t>> shells;
    std::uint64_t candidates = 0;
    out.complete = bvh.overlapping_pairs([&](std::uint32_t one, std::uint32_t other) {
        if (++candidates > limits.candidates) return false;
        if (left_out[one] || left_out[other]) return true;
        const bool meet = intersect(mesh, one, other);
        const bool apart = !shell_of.empty() && shell_of[one] != shell_of[other];
        if (apart && (meet || share_a_vertex(mesh, one, other)))
            shells.insert(std::minmax(shell_of[one], shell_of[other]));
        if (!meet) return true;
        if (out.places.size() < limits.places)
            out.places.push_back({one, other, where_they_meet(mesh, one, other)});
        return ++out.pairs < limits.pairs && shells.size() <= limits.shell_pairs;
    });
    out.meeting_shells.assign(shells.begin(), shells.end());
    return out;
}

}  // namespace nearfab::geometry
