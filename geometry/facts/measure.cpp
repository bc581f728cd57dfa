// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/measure.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {

using namespace maths;

namespace {

// Height over longest edge below which a triangle has no area. Rounding of the cross product is
// about 1e-16; the thinnest triangle with different float32 corners is about 1e-8.
constexpr double flat_ratio = 1e-12;
// Volume over (area x extent). Summing a million terms errs by at most 1e-10.
constexpr double negligible_ratio = 1e-10;

}  // namespace

Measures measure(const Mesh& mesh, const Bounds& bounds, const Topology& topology) {
    const Vec3 origin{(bounds.min.x + bounds.max.x) / 2,
                      (bounds.min.y + bounds.max.y) / 2,
                      (bounds.min.z + bounds.max.z) / 2};
    Measures out;
    out.shell_volumes_mm3.assign(topology.shells, 0);
    double twice_area = 0;
    Vec3 moment;  // Of 24 times the volume, about the origin.
    const Vec3* const vertices = mesh.vertices.data();
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const auto [a, b, c] = mesh.triangles.data()[t];
        const Vec3 from_origin = minus(vertices[a], origin);
        const Vec3 ab = minus(vertices[b], vertices[a]);
        const Vec3 ac = minus(vertices[c], vertices[a]);
        const Vec3 bc = minus(ac, ab);
        const Vec3 normal = cross(ab, ac);  // Its length is twice the area.
        const double length = std::sqrt(dot(normal, normal));
        const double longest_squared = std::max(std::max(dot(ab, ab), dot(ac, ac)), dot(bc, bc));
        if (length <= flat_ratio * longest_squared) ++out.flat_triangles;
        twice_area += length;
        // Six times the volume of the tetrahedron over the triangle, with its top at the origin.
        const double volume = dot(from_origin, normal);
        out.shell_volumes_mm3[topology.shell_of[t]] += volume;
        // Four times its centre is the sum of its corners.
        const Vec3 corners = plus(times(3, from_origin), plus(ab, ac));
        moment = along(moment, volume, corners);
    }
    out.area_mm2 = twice_area / 2;
    for (double& volume : out.shell_volumes_mm3) {
        volume /= 6;
        out.volume_mm3 += volume;
    }
    out.centre_of_mass = origin;
    if (out.volume_mm3 != 0) out.centre_of_mass = along(origin, 1 / (24 * out.volume_mm3), moment);
    return out;
}

double negligible_volume_mm3(double area_mm2, const Bounds& bounds) {
    const Vec3 size = bounds.size();
    return negligible_ratio * area_mm2 * std::max({size.x, size.y, size.z});
}

}  // namespace nearfab::geometry
