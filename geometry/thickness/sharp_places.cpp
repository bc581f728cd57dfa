// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/sharp_places.hpp"

#include "geometry/search/vector_maths.hpp"

#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace maths;

// Half of the sharp angle round the axis of a tip, and the whole between two of its edges.
constexpr double half_cosine = 0.8660;
constexpr double whole_cosine = 0.5;

// Above 0 where the edges at a corner lie in a narrow cone of material, below 0 for one of air,
// 0 otherwise.
int tip_sense(const Mesh& mesh, std::uint32_t vertex, std::span<const std::uint32_t> round) {
    if (round.size() < 3) return 0;
    const Vec3& at = mesh.vertices.data()[vertex];
    Vec3 first;
    Vec3 axis;
    Vec3 normals;
    for (const std::uint32_t triangle : round) {
        const auto& t = mesh.triangles.data()[triangle];
        const std::size_t here = t[0] == vertex ? 0 : t[1] == vertex ? 1 : 2;
        const Vec3 one = minus(mesh.vertices.data()[t[(here + 1) % 3]], at);
        const Vec3 other = minus(mesh.vertices.data()[t[(here + 2) % 3]], at);
        if (axis == Vec3{}) first = one;
        const double product = std::sqrt(dot(first, first) * dot(other, other));
        if (dot(first, other) < whole_cosine * product) return 0;
        axis = along(axis, 1 / length(one), one);
        normals = plus(normals, cross(one, other));
    }
    for (const std::uint32_t triangle : round) {
        for (const std::uint32_t v : mesh.triangles.data()[triangle]) {
            const Vec3 way = minus(mesh.vertices.data()[v], at);
            if (dot(way, axis) < half_cosine * length(way) * length(axis)) return 0;
        }
    }
    return dot(normals, axis) < 0 ? 1 : -1;
}

}  // namespace

SharpPlaces sharp_places(const Mesh& mesh,
                         std::span<const SharpEdge> edges,
                         const SmoothNormals& normals,
                         SpanSide side,
                         bool inside_out) {
    SharpPlaces out;
    const bool grooves = (side == SpanSide::gap) != inside_out;
    for (const SharpEdge& edge : edges) {
        if (edge.groove != grooves) continue;
        const Vec3& from = mesh.vertices[edge.from];
        const Vec3& to = mesh.vertices[edge.to];
        ++out.edges;
        out.length_mm += distance(from, to);
        if (edge.angle_deg < out.sharpest_deg) {
            out.sharpest_deg = edge.angle_deg;
            out.sharpest_at = times(0.5, plus(from, to));
        }
    }
    const int sense = grooves ? -1 : 1;
    for (std::uint32_t v = 0; v < mesh.vertices.size(); ++v) {
        if (tip_sense(mesh, v, normals.round(v)) != sense) continue;
        ++out.tips;
        if (out.tips_at.size() < most_tips_kept) out.tips_at.push_back(mesh.vertices[v]);
    }
    return out;
}

}  // namespace nearfab::geometry
