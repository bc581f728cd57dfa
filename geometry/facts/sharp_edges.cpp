// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/sharp_edges.hpp"

#include "geometry/facts/edge_sides.hpp"
#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace maths;

Vec3 normal_of(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles[triangle];
    const Vec3* const v = mesh.vertices.data();
    return cross(minus(v[b], v[a]), minus(v[c], v[a]));
}

}  // namespace

std::vector<SharpEdge> sharp_edges(const Mesh& mesh, double below_deg) {
    const double limit = -std::cos(below_deg * std::numbers::pi / 180);
    std::vector<SharpEdge> found;
    EdgeSides(mesh).each_edge([&](std::uint32_t low, std::span<const EdgeSide> sides) {
        if (sides.size() != 2 || sides[0].downwards() == sides[1].downwards()) return;
        const Vec3 one = normal_of(mesh, sides[0].triangle());
        const Vec3 other = normal_of(mesh, sides[1].triangle());
        const double product = std::sqrt(dot(one, one) * dot(other, other));
        // The normals are 180 degrees less the enclosed angle apart.
        if (!(product > 0) || dot(one, other) >= limit * product) return;
        const double cosine = std::clamp(dot(one, other) / product, -1.0, 1.0);
        const Vec3& apex = mesh.vertices[sides[1].apex(mesh)];
        const bool groove = dot(one, minus(apex, mesh.vertices[low])) > 0;
        const double angle = 180 - std::acos(cosine) * 180 / std::numbers::pi;
        found.push_back({low, sides[0].high, angle, groove});
    });
    return found;
}

}  // namespace nearfab::geometry
