// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/part_hull.hpp"

#include "geometry/detail/hull_3d.hpp"
#include "geometry/process/frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr int cones_per_side = 28;

// The cone of a direction: a cell on the side of a cube around the middle.
std::size_t cone_of(const Vec3& d) {
    const double ax = std::abs(d.x);
    const double ay = std::abs(d.y);
    const double az = std::abs(d.z);
    double u = d.x;
    double v = d.y;
    double w = d.z;
    int side = 4;
    if (ax >= ay && ax >= az) {
        side = 0;
        u = d.y;
        v = d.z;
        w = d.x;
    } else if (ay >= az) {
        side = 2;
        u = d.z;
        v = d.x;
        w = d.y;
    }
    if (w < 0) ++side;
    const double far = std::abs(w);
    const auto cell = [far](double t) {
        const double share = far > 0 ? (t / far + 1) / 2 : 0;
        return std::clamp(static_cast<int>(share * cones_per_side), 0, cones_per_side - 1);
    };
    return static_cast<std::size_t>((side * cones_per_side + cell(u)) * cones_per_side + cell(v));
}

std::vector<Vec3> far_points(const Mesh& mesh) {
    const Bounds bounds = bounds_of(mesh);
    const Vec3 middle = 0.5 * (bounds.min + bounds.max);
    const Vec3 size = bounds.size();
    // A flat or long part is seen as if it were as wide as it is long.
    const auto scale = [](double extent) { return extent > 0 ? 1 / extent : 0; };
    const Vec3 by{scale(size.x), scale(size.y), scale(size.z)};
    constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> furthest(hull_cones, none);
    std::vector<double> distance(hull_cones, -1);
    for (std::uint32_t v = 0; v < mesh.vertices.size(); ++v) {
        const Vec3 d = mesh.vertices[v] - middle;
        const Vec3 even{d.x * by.x, d.y * by.y, d.z * by.z};
        const std::size_t cone = cone_of(even);
        const double far = dot(even, even);
        if (far > distance[cone]) {
            distance[cone] = far;
            furthest[cone] = v;
        }
    }
    std::vector<Vec3> out;
    for (const std::uint32_t v : furthest) {
        if (v != none) out.push_back(mesh.vertices[v]);
    }
    return out;
}

}  // namespace

Mesh hull_of_part(const Mesh& mesh) {
    if (mesh.vertices.size() <= hull_cones) return detail::convex_hull_3d(mesh.vertices);
    return detail::convex_hull_3d(far_points(mesh));
}

std::vector<HullSide> sides_of(const Mesh& hull) {
    // Normals are gathered in cells of 1/64; neighbours in different cells stay apart, which
    // costs a candidate more and no truth.
    std::map<std::array<long, 3>, Vec3> cells;
    for (const auto& [a, b, c] : hull.triangles) {
        const Vec3 n = area_vector(hull.vertices[a], hull.vertices[b], hull.vertices[c]);
        const double size = length(n);
        if (!(size > 0)) continue;
        const auto cell = [size](double t) { return std::lround(64 * t / size); };
        Vec3& sum = cells[{cell(n.x), cell(n.y), cell(n.z)}];
        sum = sum + n;
    }
    std::vector<HullSide> out;
    for (const auto& [cell, sum] : cells) {
        const double size = length(sum);
        if (size > 0) out.push_back({(1 / size) * sum, size / 2});
    }
    std::stable_sort(out.begin(), out.end(), [](const HullSide& l, const HullSide& r) {
        return l.area_mm2 > r.area_mm2;
    });
    return out;
}

}  // namespace nearfab::geometry
