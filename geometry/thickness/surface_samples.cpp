// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/surface_samples.hpp"

#include "geometry/search/vector_maths.hpp"

#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace maths;

// How far from the border of its triangle a point stays, as a share of the triangle.
constexpr double inset = 1e-3;
// The steps of the plane's golden ratio (M. Roberts, "The Unreasonable Effectiveness of Quasirandom
// Sequences", 2018): 1 / g and 1 / g^2 with g^3 = g + 1.
constexpr double step_u = 0.7548776662466927;
constexpr double step_v = 0.5698402909980532;

double area_of(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles.data()[triangle];
    const Vec3* const v = mesh.vertices.data();
    return length(cross(minus(v[b], v[a]), minus(v[c], v[a]))) / 2;
}

double fraction(double value) {
    return value - std::floor(value);
}

}  // namespace

Vec3 point_in(const Mesh& mesh, std::uint32_t triangle, double u, double v) {
    if (u + v > 1) {
        u = 1 - u;
        v = 1 - v;
    }
    u = inset + (1 - 3 * inset) * u;
    v = inset + (1 - 3 * inset) * v;
    const auto& [a, b, c] = mesh.triangles.data()[triangle];
    const Vec3* const p = mesh.vertices.data();
    return along(along(p[a], u, minus(p[b], p[a])), v, minus(p[c], p[a]));
}

std::vector<SurfaceSample> surface_samples(const Bvh& bvh, std::uint32_t count) {
    const Mesh& mesh = bvh.mesh();
    std::vector<double> areas;
    areas.reserve(bvh.order().size());
    double whole = 0;
    double with_area = 0;
    for (const std::uint32_t t : bvh.order()) {
        areas.push_back(area_of(mesh, t));
        whole += areas.back();
        with_area += areas.back() > 0 ? 1 : 0;
    }
    std::vector<SurfaceSample> samples;
    if (!(whole > 0) || count == 0) return samples;
    samples.reserve(count);
    double reached = 0;  // In steps of the sampling.
    double next = 0.5;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        if (!(areas[i] > 0)) continue;
        const double expected = 0.5 * count * (areas[i] / whole + 1 / with_area);
        reached += expected;
        for (; next < reached && samples.size() < count; next += 1) {
            const std::uint32_t t = bvh.order()[i];
            const double u = fraction(0.5 + step_u * next);
            const double v = fraction(0.5 + step_v * next);
            samples.push_back({point_in(mesh, t, u, v), t, areas[i] / expected});
        }
    }
    return samples;
}

}  // namespace nearfab::geometry
