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
constexpr double first_step = 0.5;

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

SurfaceSamples::SurfaceSamples(const Bvh& bvh, std::uint32_t count)
    : mesh_(bvh.mesh()), count_(count) {
    for (const std::uint32_t t : bvh.order()) {
        const double area = area_of(mesh_, t);
        whole_mm2_ += area;
        with_area_ += area > 0 ? 1 : 0;
    }
    if (!(whole_mm2_ > 0) || count == 0) return;
    triangle_of_.reserve(count);
    double reached = 0;  // In steps of the sampling.
    double next = first_step;
    // The areas once more: kept, they would be most of the memory that sampling takes.
    for (const std::uint32_t t : bvh.order()) {
        const double area = area_of(mesh_, t);
        if (!(area > 0)) continue;
        reached += expected_on(area);
        for (; next < reached && triangle_of_.size() < count; next += 1)
            triangle_of_.push_back(t);
    }
}

SurfaceSample SurfaceSamples::operator[](std::size_t i) const {
    const std::uint32_t t = triangle_of_[i];
    const double area = area_of(mesh_, t);
    const double at = first_step + static_cast<double>(i);
    const double u = fraction(0.5 + step_u * at);
    const double v = fraction(0.5 + step_v * at);
    return {point_in(mesh_, t, u, v), t, area / expected_on(area)};
}

}  // namespace nearfab::geometry
