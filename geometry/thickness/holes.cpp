// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/holes.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace maths;

constexpr int feelers = 40;
constexpr int ring = 24;
// Walls farther than this many times the radius are not those of the hole.
constexpr double farthest = 1.3;
// How far the normals of the walls may be from lying across the axis; a sine squared, the mean.
constexpr double most_lean = 0.002;
// How far the distances round the axis may be from their mean: a hexagon has 0.08.
constexpr double most_off_round = 0.05;

// The way in which all these normals have least: that of the smallest eigenvalue of the sum of
// their squares, by inverse iteration through the adjugate matrix.
struct Squares {
    double xx = 0, yy = 0, zz = 0, xy = 0, yz = 0, zx = 0;

    void add(const Vec3& n) {
        xx += n.x * n.x;
        yy += n.y * n.y;
        zz += n.z * n.z;
        xy += n.x * n.y;
        yz += n.y * n.z;
        zx += n.z * n.x;
    }
    double along_square(const Vec3& u) const {
        return u.x * u.x * xx + u.y * u.y * yy + u.z * u.z * zz +
               2 * (u.x * u.y * xy + u.y * u.z * yz + u.z * u.x * zx);
    }
    std::optional<Vec3> least() const {
        const std::array<Vec3, 3> rows{{{yy * zz - yz * yz, yz * zx - xy * zz, xy * yz - yy * zx},
                                        {yz * zx - xy * zz, xx * zz - zx * zx, zx * xy - xx * yz},
                                        {xy * yz - yy * zx, zx * xy - xx * yz, xx * yy - xy * xy}}};
        Vec3 u = *std::max_element(rows.begin(), rows.end(), [](const Vec3& a, const Vec3& b) {
            return dot(a, a) < dot(b, b);
        });
        for (int i = 0; i < 8; ++i) {
            const double size = length(u);
            if (!(size > 0)) return std::nullopt;
            u = times(1 / size, u);
            u = {dot(rows[0], u), dot(rows[1], u), dot(rows[2], u)};
        }
        const double size = length(u);
        if (!(size > 0)) return std::nullopt;
        return times(1 / size, u);
    }
};

Vec3 unit_normal(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles[triangle];
    const auto& v = mesh.vertices;
    const Vec3 normal = cross(minus(v[b], v[a]), minus(v[c], v[a]));
    return times(1 / length(normal), normal);
}

// The direction that has the walls round the point on its sides.
std::optional<Vec3> axis_at(const Bvh& bvh, const Vec3& point, double reach_mm) {
    Squares squares;
    double walls = 0;
    for (int i = 0; i < feelers; ++i) {
        // Evenly over the sphere, on a spiral with the golden angle.
        const double z = 1 - (2 * i + 1.0) / feelers;
        const double flat = std::sqrt(1 - z * z);
        const double turn = std::numbers::pi * (3 - std::sqrt(5.0)) * i;
        const Vec3 way{flat * std::cos(turn), flat * std::sin(turn), z};
        const auto hit = bvh.first_hit(point, way, 0, farthest * reach_mm);
        if (!hit) continue;
        squares.add(unit_normal(bvh.mesh(), hit->triangle));
        walls += 1;
    }
    if (walls < feelers / 8) return std::nullopt;
    const std::optional<Vec3> axis = squares.least();
    if (!axis || squares.along_square(*axis) > most_lean * walls) return std::nullopt;
    return axis;
}

}  // namespace

std::optional<Hole> round_hole_at(const Bvh& bvh, const Vec3& point, double reach_mm) {
    const std::optional<Vec3> axis = axis_at(bvh, point, reach_mm);
    if (!axis) return std::nullopt;
    const Vec3 helper = std::abs(axis->x) < 0.6 ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
    Vec3 across = cross(*axis, helper);
    across = times(1 / length(across), across);
    const Vec3 third = cross(*axis, across);
    std::array<double, ring> distances{};
    double mean = 0;
    for (int i = 0; i < ring; ++i) {
        const double turn = 2 * std::numbers::pi * i / ring;
        const Vec3 way = plus(times(std::cos(turn), across), times(std::sin(turn), third));
        const auto hit = bvh.first_hit(point, way, 0, farthest * reach_mm);
        if (!hit || hit->leaving) return std::nullopt;
        distances[static_cast<std::size_t>(i)] = hit->t;
        mean += hit->t / ring;
    }
    const bool round = std::all_of(distances.begin(), distances.end(), [mean](double d) {
        return std::abs(d - mean) <= most_off_round * mean;
    });
    if (!round) return std::nullopt;
    return Hole{2 * mean, point, *axis};
}

}  // namespace nearfab::geometry
