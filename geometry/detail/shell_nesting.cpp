// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/detail/shell_nesting.hpp"

#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/AABB_triangle_primitive.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>

#include <array>
#include <iterator>
#include <memory>
#include <optional>

namespace nearfab::geometry::detail {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_3;
using Triangle = Kernel::Triangle_3;
using Primitive = CGAL::AABB_triangle_primitive<Kernel, std::vector<Triangle>::const_iterator>;
using Tree = CGAL::AABB_tree<CGAL::AABB_traits<Kernel, Primitive>>;

struct Shell {
    std::vector<Triangle> triangles;  // Without those that have no area.
    CGAL::Bbox_3 box;
    std::unique_ptr<Tree> tree;  // Made when first needed.

    const Tree& search() {
        if (!tree) tree = std::make_unique<Tree>(triangles.begin(), triangles.end());
        return *tree;
    }
};

bool contains(const CGAL::Bbox_3& outer, const CGAL::Bbox_3& inner) {
    for (int axis = 0; axis < 3; ++axis) {
        if (inner.min(axis) < outer.min(axis) || inner.max(axis) > outer.max(axis)) return false;
    }
    return true;
}

std::vector<Shell> split(const Mesh& mesh, const Topology& topology) {
    std::vector<Shell> shells(topology.shells);
    const auto point = [&](std::uint32_t v) {
        return Point(mesh.vertices[v].x, mesh.vertices[v].y, mesh.vertices[v].z);
    };
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const auto [a, b, c] = mesh.triangles[t];
        const Triangle triangle(point(a), point(b), point(c));
        if (triangle.is_degenerate()) continue;  // Adds nothing, and predicates refuse it.
        Shell& shell = shells[topology.shell_of[t]];
        shell.triangles.push_back(triangle);
        shell.box += triangle.bbox();
    }
    return shells;
}

// Whether a ray that hits a triangle passes through its inside and not through its border.
bool passes_inside(const Point& from, const Point& to, const Triangle& triangle) {
    for (int i = 0; i < 3; ++i) {
        if (CGAL::coplanar(from, to, triangle.vertex(i), triangle.vertex(i + 1))) return false;
    }
    return true;
}

// A point is inside when a ray from it crosses the surface an odd number of times. A ray through
// an edge or a corner counts for nothing, and the next direction is tried; none when all fail.
// REQUIRES: the point is not on the surface.
std::optional<bool> is_inside(const Point& point, const Tree& surface) {
    // Any directions will do; odd ones hit edges least.
    constexpr std::array<std::array<double, 3>, 6> directions{{{0.137, 0.291, 0.947},
                                                               {0.871, -0.173, 0.459},
                                                               {-0.313, 0.877, 0.364},
                                                               {-0.619, -0.233, -0.751},
                                                               {0.419, -0.797, -0.433},
                                                               {-0.929, 0.347, 0.127}}};
    for (const auto& [x, y, z] : directions) {
        const Point ahead(point.x() + x, point.y() + y, point.z() + z);
        std::vector<std::vector<Triangle>::const_iterator> hit;
        surface.all_intersected_primitives(Kernel::Ray_3(point, ahead), std::back_inserter(hit));
        bool clear = true;
        for (const auto& triangle : hit) {
            clear = clear && passes_inside(point, ahead, *triangle);
        }
        if (clear) return hit.size() % 2 == 1;
    }
    return std::nullopt;
}

class Comparison {
public:
    explicit Comparison(std::vector<Shell> shells) : shells_(std::move(shells)) {
        out_.depth.assign(shells_.size(), 0);
    }

    ShellNesting run() {
        for (std::size_t i = 0; i < shells_.size(); ++i) {
            for (std::size_t j = i + 1; j < shells_.size(); ++j) {
                if (!CGAL::do_overlap(shells_[i].box, shells_[j].box)) continue;
                if (shells_[i].triangles.empty() || shells_[j].triangles.empty()) continue;
                if (!compare(i, j)) return {};
            }
        }
        out_.compared = true;
        return std::move(out_);
    }

private:
    // Says false when the work is used up, or the shells cannot be told apart.
    bool compare(std::size_t i, std::size_t j) {
        if (shells_[i].triangles.size() > shells_[j].triangles.size()) std::swap(i, j);
        const Tree& larger = shells_[j].search();
        for (const Triangle& triangle : shells_[i].triangles) {
            if (++work_ > max_compared_triangles) return false;
            if (!CGAL::do_overlap(triangle.bbox(), shells_[j].box)) continue;
            if (larger.do_intersect(triangle)) {
                ++out_.meeting_pairs;
                return true;
            }
        }
        return count_inside(i, j) && count_inside(j, i);
    }

    // For shells that do not meet, so that one point of a shell tells for all of it.
    bool count_inside(std::size_t inner, std::size_t outer) {
        if (!contains(shells_[outer].box, shells_[inner].box)) return true;
        const Point point = shells_[inner].triangles.front().vertex(0);
        const std::optional<bool> inside = is_inside(point, shells_[outer].search());
        if (inside.value_or(false)) ++out_.depth[inner];
        return inside.has_value();
    }

    std::vector<Shell> shells_;
    std::uint64_t work_ = 0;
    ShellNesting out_;
};

}  // namespace

ShellNesting nest_shells(const Mesh& mesh, const Topology& topology) {
    if (topology.shells > max_compared_shells) return {};
    if (topology.shells < 2) {
        return {true, 0, std::vector<std::uint32_t>(topology.shells, 0)};
    }
    try {
        return Comparison(split(mesh, topology)).run();
    } catch (const CGAL::Failure_exception&) {
        // A mesh that CGAL refuses counts as not compared, and the report says so.
        return {};
    }
}

}  // namespace nearfab::geometry::detail
