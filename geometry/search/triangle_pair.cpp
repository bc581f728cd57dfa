// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/search/triangle_pair.hpp"

#include "geometry/search/orientation.hpp"
#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nearfab::geometry {
namespace {

using Signs = std::array<int, 3>;

// Seen where they stand in the mesh.
class Corners {
public:
    Corners(const Mesh& mesh, std::uint32_t triangle) {
        const auto& [a, b, c] = mesh.triangles.data()[triangle];
        const Vec3* const v = mesh.vertices.data();
        points_ = {v + a, v + b, v + c};
    }
    const Vec3& operator[](std::size_t i) const { return *points_[i]; }
    void swap(std::size_t i, std::size_t j) { std::swap(points_[i], points_[j]); }

private:
    std::array<const Vec3*, 3> points_;
};

Signs sides_of(const Corners& plane, const Corners& points) {
    return {orientation(plane[0], plane[1], plane[2], points[0]),
            orientation(plane[0], plane[1], plane[2], points[1]),
            orientation(plane[0], plane[1], plane[2], points[2])};
}

bool all_on_one_side(const Signs& s) {
    return s[0] == s[1] && s[1] == s[2] && s[0] != 0;
}

// Looks at coplanar points along the axis in which their triangle is largest.
class Flattening {
public:
    explicit Flattening(const Corners& t) {
        const Vec3 normal = maths::cross(maths::minus(t[1], t[0]), maths::minus(t[2], t[0]));
        const double x = std::abs(normal.x);
        const double y = std::abs(normal.y);
        const double z = std::abs(normal.z);
        dropped_ = x >= y && x >= z ? 0 : y >= z ? 1 : 2;
    }
    Vec2 operator()(const Vec3& p) const {
        return dropped_ == 0 ? Vec2{p.y, p.z} : dropped_ == 1 ? Vec2{p.z, p.x} : Vec2{p.x, p.y};
    }

private:
    int dropped_;
};

// Whether a line along a side of the first triangle has all the points strictly beyond it.
template <std::size_t count>
bool side_separates(const std::array<Vec2, 3>& t, const std::array<Vec2, count>& points) {
    const int turn = orientation(t[0], t[1], t[2]);
    for (std::size_t i = 0; i < 3; ++i) {
        const bool all = std::all_of(points.begin(), points.end(), [&](const Vec2& p) {
            return orientation(t[i], t[(i + 1) % 3], p) == -turn;
        });
        if (all) return true;
    }
    return false;
}

// Convex figures that do not touch have a line between them that is parallel to a side of one.
bool coplanar_triangles_meet(const Corners& a, const Corners& b) {
    const Flattening flat(a);
    const std::array<Vec2, 3> flat_a{flat(a[0]), flat(a[1]), flat(a[2])};
    const std::array<Vec2, 3> flat_b{flat(b[0]), flat(b[1]), flat(b[2])};
    return !side_separates(flat_a, flat_b) && !side_separates(flat_b, flat_a);
}

bool coplanar_segment_meets(const Vec3& p, const Vec3& q, const Corners& t) {
    const Flattening flat(t);
    const std::array<Vec2, 2> segment{flat(p), flat(q)};
    const std::array<Vec2, 3> triangle{flat(t[0]), flat(t[1]), flat(t[2])};
    const Signs s{orientation(segment[0], segment[1], triangle[0]),
                  orientation(segment[0], segment[1], triangle[1]),
                  orientation(segment[0], segment[1], triangle[2])};
    return !all_on_one_side(s) && !side_separates(triangle, segment);
}

// A segment whose ends lie on these sides of the triangle's plane.
bool segment_meets(const Vec3& p, const Vec3& q, int side_p, int side_q, const Corners& t) {
    if (side_p * side_q > 0) return false;
    if (side_p == 0 && side_q == 0) return coplanar_segment_meets(p, q, t);
    const Signs s{orientation(p, q, t[0], t[1]),
                  orientation(p, q, t[1], t[2]),
                  orientation(p, q, t[2], t[0])};
    const bool some_left = s[0] > 0 || s[1] > 0 || s[2] > 0;
    const bool some_right = s[0] < 0 || s[1] < 0 || s[2] < 0;
    return !some_left || !some_right;
}

bool free_triangles_meet(const Corners& a, const Corners& b) {
    const Signs b_beside_a = sides_of(a, b);
    if (all_on_one_side(b_beside_a)) return false;
    if (b_beside_a == Signs{0, 0, 0}) return coplanar_triangles_meet(a, b);
    const Signs a_beside_b = sides_of(b, a);
    if (all_on_one_side(a_beside_b)) return false;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t j = (i + 1) % 3;
        if (segment_meets(b[i], b[j], b_beside_a[i], b_beside_a[j], a)) return true;
        if (segment_meets(a[i], a[j], a_beside_b[i], a_beside_b[j], b)) return true;
    }
    return false;
}

// With a[0] == b[0], the shared corner: they meet elsewhere if a side across from it meets the
// other triangle.
bool triangles_at_corner_meet(const Corners& a, const Corners& b) {
    const int b1 = orientation(a[0], a[1], a[2], b[1]);
    const int b2 = orientation(a[0], a[1], a[2], b[2]);
    if (b1 * b2 > 0) return false;
    const int a1 = orientation(b[0], b[1], b[2], a[1]);
    const int a2 = orientation(b[0], b[1], b[2], a[2]);
    if (a1 * a2 > 0) return false;
    return segment_meets(b[1], b[2], b1, b2, a) || segment_meets(a[1], a[2], a1, a2, b);
}

// With a[0] == b[0] and a[1] == b[1]: they meet elsewhere if one lies on the other.
bool triangles_at_edge_meet(const Corners& a, const Corners& b) {
    if (orientation(a[0], a[1], a[2], b[2]) != 0) return false;
    const Flattening flat(a);
    const Vec2 from = flat(a[0]);
    const Vec2 to = flat(a[1]);
    return orientation(from, to, flat(a[2])) == orientation(from, to, flat(b[2]));
}

}  // namespace

bool intersect(const Mesh& mesh, std::uint32_t one, std::uint32_t other) {
    const auto& s = mesh.triangles.data()[one];
    const auto& t = mesh.triangles.data()[other];
    Corners a(mesh, one);
    Corners b(mesh, other);
    // Brings shared vertices to the front of both.
    std::array<std::uint32_t, 3> numbers = t;
    std::size_t shared = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = shared; j < 3; ++j) {
            if (s[i] != numbers[j]) continue;
            std::swap(numbers[j], numbers[shared]);
            b.swap(j, shared);
            a.swap(i, shared);
            ++shared;
            break;
        }
    }
    switch (shared) {
        case 0:
            return free_triangles_meet(a, b);
        case 1:
            return triangles_at_corner_meet(a, b);
        case 2:
            return triangles_at_edge_meet(a, b);
        default:
            return true;
    }
}

Vec3 where_they_meet(const Mesh& mesh, std::uint32_t one, std::uint32_t other) {
    using namespace maths;
    const Corners a(mesh, one);
    const Corners b(mesh, other);
    Vec3 sum;
    double count = 0;
    const auto add_crossings = [&](const Corners& t, const Corners& sides) {
        const Vec3 normal = cross(minus(t[1], t[0]), minus(t[2], t[0]));
        for (std::size_t i = 0; i < 3; ++i) {
            const Vec3& p = sides[i];
            const Vec3& q = sides[(i + 1) % 3];
            const double from = dot(normal, minus(p, t[0]));
            const double to = dot(normal, minus(q, t[0]));
            if ((from > 0) == (to > 0) || from == to) continue;
            const Vec3 at = along(p, from / (from - to), minus(q, p));
            // Counts when it lies in the triangle, with some room for rounding.
            bool inside = true;
            for (std::size_t k = 0; k < 3; ++k) {
                const Vec3 edge = minus(t[(k + 1) % 3], t[k]);
                const double side = dot(cross(edge, minus(at, t[k])), normal);
                inside = inside && side >= -1e-9 * dot(normal, normal);
            }
            if (!inside) continue;
            sum = plus(sum, at);
            count += 1;
        }
    };
    add_crossings(a, b);
    add_crossings(b, a);
    if (count > 0) return times(1 / count, sum);
    // They lie in one plane, or only touch: the middle of where their boxes overlap.
    const auto middle = [&](double Vec3::*axis) {
        const double low = std::max(std::min({a[0].*axis, a[1].*axis, a[2].*axis}),
                                    std::min({b[0].*axis, b[1].*axis, b[2].*axis}));
        const double high = std::min(std::max({a[0].*axis, a[1].*axis, a[2].*axis}),
                                     std::max({b[0].*axis, b[1].*axis, b[2].*axis}));
        return (low + high) / 2;
    };
    return {middle(&Vec3::x), middle(&Vec3::y), middle(&Vec3::z)};
}

}  // namespace nearfab::geometry
