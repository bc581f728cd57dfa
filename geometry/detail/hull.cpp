// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/detail/hull.hpp"

#include "base/check.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/convex_hull_2.h>

#include <iterator>

namespace nearfab::geometry::detail {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;

std::vector<Vec2> convex_hull(const std::vector<Vec2>& points) {
    std::vector<Kernel::Point_2> in;
    in.reserve(points.size());
    for (const Vec2& p : points)
        in.emplace_back(p.x, p.y);
    std::vector<Kernel::Point_2> hull;
    try {
        CGAL::convex_hull_2(in.begin(), in.end(), std::back_inserter(hull));
    } catch (const CGAL::Failure_exception& failure) {
        // With finite points there is no legal way to get here.
        NEARFAB_CHECK(false, failure.what());
    }
    std::vector<Vec2> out;
    out.reserve(hull.size());
    for (const Kernel::Point_2& p : hull)
        out.push_back({p.x(), p.y()});
    return out;
}

}  // namespace nearfab::geometry::detail
