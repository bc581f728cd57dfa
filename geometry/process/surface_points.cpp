// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/surface_points.hpp"

#include "base/check.hpp"

#include <cmath>

namespace nearfab::geometry {

using namespace vec;

SurfacePoints surface_points_of(const Mesh& mesh, std::size_t wished) {
    NEARFAB_CHECK(wished > 0, "at least one point");
    double area = 0;
    for (const auto& [a, b, c] : mesh.triangles)
        area += length(area_vector(mesh.vertices[a], mesh.vertices[b], mesh.vertices[c])) / 2;
    SurfacePoints out;
    if (!(area > 0)) return out;
    out.area_each_mm2 = area / static_cast<double>(wished);
    out.points.reserve(wished + 1);
    // Half a share to begin with, so that the last triangle gets its due.
    double owed = out.area_each_mm2 / 2;
    double u = 0.5;
    double v = 0.5;
    for (const auto& [a, b, c] : mesh.triangles) {
        const Vec3& p = mesh.vertices[a];
        const Vec3 ab = mesh.vertices[b] - p;
        const Vec3 ac = mesh.vertices[c] - p;
        const Vec3 n = cross(ab, ac);
        const double size = length(n);
        owed += size / 2;
        while (owed >= out.area_each_mm2 && size > 0) {
            owed -= out.area_each_mm2;
            u = std::fmod(u + 0.7548776662466927, 1.0);  // 1/g and 1/g^2 with g^3 = g + 1.
            v = std::fmod(v + 0.5698402909980532, 1.0);
            const bool fold = u + v > 1;
            const double s = fold ? 1 - u : u;
            const double t = fold ? 1 - v : v;
            out.points.push_back({p + s * ab + t * ac, (1 / size) * n});
        }
    }
    return out;
}

}  // namespace nearfab::geometry
