// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/smooth_normals.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nearfab::geometry {
namespace {

using namespace maths;

constexpr double blended_cosine = 0.8616;  // 30.5 degrees: a circle of twelve sides is round.
constexpr double turned_cosine = 0.9646;   // 15.3 degrees, half of it.
constexpr double turned_sine = 0.2637;
// A corner that very many triangles share is a point of its own, and not worth looking at them all.
constexpr std::uint32_t most_round = 64;

Vec3 unit(const Vec3& v) {
    const double size = length(v);
    return size > 0 ? times(1 / size, v) : Vec3{};
}

std::array<Vec3, 3> corners_of(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles.data()[triangle];
    const Vec3* const v = mesh.vertices.data();
    return {v[a], v[b], v[c]};
}

Vec3 normal_of(const std::array<Vec3, 3>& p) {
    return unit(cross(minus(p[1], p[0]), minus(p[2], p[0])));
}

}  // namespace

SmoothNormals::SmoothNormals(const Mesh& mesh)
    : mesh_(mesh), first_(mesh.vertices.size() + 2, 0), round_(mesh.triangles.size() * 3) {
    // Shifted by two while counting, so that after filling each entry is where it begins.
    for (const auto& t : mesh.triangles) {
        for (const std::uint32_t v : t)
            ++first_[v + 2];
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
        for (const std::uint32_t v : mesh.triangles[t])
            round_[first_[v + 1]++] = t;
    }
}

Vec3 SmoothNormals::at_corner(std::uint32_t vertex, const Vec3& normal) const {
    const std::uint32_t begin = first_[vertex];
    const std::uint32_t end = std::min(first_[vertex + 1], begin + most_round);
    Vec3 sum;
    for (std::uint32_t i = begin; i < end; ++i) {
        const std::array<Vec3, 3> p = corners_of(mesh_, round_[i]);
        const Vec3 round = normal_of(p);
        if (dot(round, normal) < blended_cosine) continue;
        const auto& t = mesh_.triangles[round_[i]];
        const std::size_t here = t[0] == vertex ? 0 : t[1] == vertex ? 1 : 2;
        const Vec3 one = minus(p[(here + 1) % 3], p[here]);
        const Vec3 other = minus(p[(here + 2) % 3], p[here]);
        const double angle = std::atan2(length(cross(one, other)), dot(one, other));
        sum = along(sum, angle, round);
    }
    return end == begin + most_round ? normal : unit(sum);
}

SmoothNormals::Facet SmoothNormals::facet(std::uint32_t triangle) const {
    Facet facet;
    facet.normal = normal_of(corners_of(mesh_, triangle));
    if (facet.normal == Vec3{}) return facet;
    for (std::size_t i = 0; i < 3; ++i) {
        facet.at_corners[i] = at_corner(mesh_.triangles[triangle][i], facet.normal);
        facet.bend = std::max(facet.bend, length(cross(facet.at_corners[i], facet.normal)));
    }
    return facet;
}

Vec3 SmoothNormals::at(std::uint32_t triangle, const Facet& facet, const Vec3& point) const {
    if (facet.normal == Vec3{}) return {};
    const std::array<Vec3, 3> p = corners_of(mesh_, triangle);
    Vec3 blend;
    for (std::size_t i = 0; i < 3; ++i) {
        // The area across from a corner is its share.
        const Vec3 one = minus(p[(i + 1) % 3], point);
        const Vec3 other = minus(p[(i + 2) % 3], point);
        blend = along(blend, dot(cross(one, other), facet.normal), facet.at_corners[i]);
    }
    blend = unit(blend);
    const double cosine = dot(blend, facet.normal);
    if (cosine >= turned_cosine) return blend;
    const Vec3 sideways = unit(along(blend, -cosine, facet.normal));
    return along(times(turned_cosine, facet.normal), turned_sine, sideways);
}

}  // namespace nearfab::geometry
