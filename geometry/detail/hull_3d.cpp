// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/detail/hull_3d.hpp"

#include "base/check.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Surface_mesh.h>
#include <CGAL/convex_hull_3.h>

#include <algorithm>

namespace nearfab::geometry::detail {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;

bool in_one_plane(const std::vector<Kernel::Point_3>& points) {
    const auto other = std::find_if(
        points.begin(), points.end(), [&](const auto& p) { return p != points.front(); });
    if (other == points.end()) return true;
    const auto beside = std::find_if(other, points.end(), [&](const auto& p) {
        return !CGAL::collinear(points.front(), *other, p);
    });
    return std::all_of(beside, points.end(), [&](const auto& p) {
        return CGAL::coplanar(points.front(), *other, *beside, p);
    });
}

}  // namespace

Mesh convex_hull_3d(std::span<const Vec3> points) {
    std::vector<Kernel::Point_3> in;
    in.reserve(points.size());
    for (const Vec3& p : points)
        in.emplace_back(p.x, p.y, p.z);
    Mesh out;
    if (in.empty() || in_one_plane(in)) return out;
    Surface hull;
    try {
        CGAL::convex_hull_3(in.begin(), in.end(), hull);
    } catch (const CGAL::Failure_exception& failure) {
        // With finite points there is no legal way to get here.
        NEARFAB_CHECK(false, failure.what());
    }
    for (const auto v : hull.vertices()) {
        const Kernel::Point_3& p = hull.point(v);
        out.vertices.push_back({p.x(), p.y(), p.z()});
    }
    for (const auto f : hull.faces()) {
        const auto h = hull.halfedge(f);
        // The hull of points that are not in one plane is made of triangles.
        out.triangles.push_back({static_cast<std::uint32_t>(hull.source(h).idx()),
                                 static_cast<std::uint32_t>(hull.target(h).idx()),
                                 static_cast<std::uint32_t>(hull.target(hull.next(h)).idx())});
    }
    return out;
}

}  // namespace nearfab::geometry::detail
