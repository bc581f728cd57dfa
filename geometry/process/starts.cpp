// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/starts.hpp"

#include "base/check.hpp"
#include "geometry/process/vertex_sets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace nearfab::geometry {

using namespace vec;

namespace {

// What is known about the set that a vertex stands for.
struct Level {
    bool has_lower = false;
    double looks_up = 0;  // Sum of the upward parts of the area vectors at it.
    double flat_area = 0;
    Vec3 sum;
    double height = 0;
    std::uint32_t vertices = 0;
};

// Frames turn vertices, so equal heights differ by rounding; float32 itself by 6e-8 of the size.
double level_tolerance_mm(std::span<const Vec3> points) {
    double height = 0;
    for (const Vec3& p : points)
        height = std::max(height, p.z);
    return 1e-5 + 1e-6 * height;
}

// Joins vertices at equal heights along edges; marks those with a lower neighbour, or none at all.
std::vector<std::uint8_t> join_levels(const Mesh& mesh,
                                      std::span<const Vec3> points,
                                      VertexSets& sets) {
    const double level = level_tolerance_mm(points);
    std::vector<std::uint8_t> lower(mesh.vertices.size(), 0);
    std::vector<std::uint8_t> used(mesh.vertices.size(), 0);
    for (const auto& t : mesh.triangles) {
        for (unsigned i = 0; i < 3; ++i) {
            const std::uint32_t a = t[i];
            const std::uint32_t b = t[(i + 1) % 3];
            used[a] = 1;
            const double rise = points[b].z - points[a].z;
            if (rise > level) lower[b] = 1;
            if (rise < -level) lower[a] = 1;
            if (std::abs(rise) <= level) sets.join(a, b);
        }
    }
    for (std::size_t v = 0; v < used.size(); ++v)
        lower[v] = used[v] == 0 ? 1 : lower[v];
    return lower;
}

std::vector<Level> levels_of(const Mesh& mesh, std::span<const Vec3> points) {
    VertexSets sets(mesh.vertices.size());
    const std::vector<std::uint8_t> lower = join_levels(mesh, points, sets);
    std::vector<Level> levels(mesh.vertices.size());
    for (std::uint32_t v = 0; v < mesh.vertices.size(); ++v) {
        Level& l = levels[sets.find(v)];
        l.has_lower = l.has_lower || lower[v] != 0;
        l.sum = l.sum + mesh.vertices[v];
        l.height += points[v].z;
        ++l.vertices;
    }
    for (const auto& [a, b, c] : mesh.triangles) {
        const std::array<std::uint32_t, 3> roots{sets.find(a), sets.find(b), sets.find(c)};
        const bool none = std::all_of(
            roots.begin(), roots.end(), [&](std::uint32_t r) { return levels[r].has_lower; });
        if (none) continue;
        const Vec3 n = area_vector(points[a], points[b], points[c]);
        for (const std::uint32_t r : roots)
            levels[r].looks_up += n.z;
        if (roots[0] == roots[1] && roots[1] == roots[2]) {
            levels[roots[0]].flat_area += length(n) / 2;
        }
    }
    return levels;
}

}  // namespace

Starts starts_of(const Mesh& mesh,
                 std::span<const Vec3> points,
                 double layer_mm,
                 std::size_t max_islands) {
    NEARFAB_CHECK(points.size() == mesh.vertices.size(), "one point for each vertex");
    Starts out;
    for (const Level& l : levels_of(mesh, points)) {
        if (l.vertices == 0 || l.has_lower || l.looks_up >= 0) continue;
        const double count = l.vertices;
        const Start start{(1 / count) * l.sum, l.height / count, l.flat_area};
        if (start.height_mm < layer_mm) {
            ++out.on_bed;
        } else {
            ++out.in_air;
            out.islands.push_back(start);
        }
    }
    std::stable_sort(out.islands.begin(), out.islands.end(), [](const Start& l, const Start& r) {
        return l.height_mm < r.height_mm;
    });
    if (out.islands.size() > max_islands) out.islands.resize(max_islands);
    return out;
}

}  // namespace nearfab::geometry
