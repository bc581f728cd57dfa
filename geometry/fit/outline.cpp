// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/fit/outline.hpp"

#include "base/check.hpp"
#include "geometry/detail/hull.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <set>
#include <utility>

namespace nearfab::geometry {
namespace {

Vec2 minus(const Vec2& a, const Vec2& b) {
    return {a.x - b.x, a.y - b.y};
}
double cross(const Vec2& a, const Vec2& b) {
    return a.x * b.y - a.y * b.x;
}
double dot(const Vec2& a, const Vec2& b) {
    return a.x * b.x + a.y * b.y;
}

struct Box {
    Vec2 min;
    Vec2 max;
};

Box box_of(const std::vector<Vec2>& points) {
    Box box{points.front(), points.front()};
    for (const Vec2& p : points) {
        box.min = {std::min(box.min.x, p.x), std::min(box.min.y, p.y)};
        box.max = {std::max(box.max.x, p.x), std::max(box.max.y, p.y)};
    }
    return box;
}

// How new corners are pushed outwards, so that rounding cannot cut the hull: far more than
// rounding, far less than fit_tolerance_mm.
double margin_mm(const Box& box) {
    const double largest = std::max(
        {std::abs(box.min.x), std::abs(box.min.y), std::abs(box.max.x), std::abs(box.max.y)});
    return 1e-12 * largest + 1e-300;
}

// Removes edges one by one. Without an edge its neighbours are longer and meet further out; the
// edge whose removal adds the least distance goes first. Each step only adds area.
class EdgeRemoval {
public:
    explicit EdgeRemoval(const std::vector<Vec2>& hull) : hull_(hull), ring_(hull.size()) {
        for (std::size_t i = 0; i < ring_.size(); ++i) {
            ring_[i].before = (i + ring_.size() - 1) % ring_.size();
            ring_[i].after = (i + 1) % ring_.size();
        }
        for (std::size_t i = 0; i < ring_.size(); ++i)
            enqueue(i);
    }

    // Edge numbers that stay, in order; fewer cannot always be reached.
    std::vector<std::size_t> keep(std::size_t edges) {
        std::size_t left = ring_.size();
        while (left > edges && !queue_.empty()) {
            const std::size_t gone = queue_.begin()->second;
            queue_.erase(queue_.begin());
            const std::size_t before = ring_[gone].before;
            const std::size_t after = ring_[gone].after;
            ring_[before].after = after;
            ring_[after].before = before;
            ring_[gone].removed = true;
            --left;
            for (const std::size_t neighbour : {before, after}) {
                queue_.erase({ring_[neighbour].cost, neighbour});
                enqueue(neighbour);
            }
        }
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i < ring_.size(); ++i) {
            if (!ring_[i].removed) kept.push_back(i);
        }
        return kept;
    }

    // Where the lines of two edges meet; none when they do not meet ahead of the first.
    std::optional<Vec2> meeting(std::size_t first, std::size_t second) const {
        const Vec2 a = hull_[first];
        const Vec2 u = direction(first);
        const Vec2 v = direction(second);
        const double turn = cross(u, v);
        if (!(turn > 1e-13 * std::sqrt(dot(u, u) * dot(v, v)))) return std::nullopt;
        const double along = cross(minus(hull_[second], a), v) / turn;
        return Vec2{a.x + along * u.x, a.y + along * u.y};
    }

    Vec2 direction(std::size_t edge) const {
        return minus(hull_[(edge + 1) % hull_.size()], hull_[edge]);
    }

private:
    struct Edge {
        std::size_t before = 0;
        std::size_t after = 0;
        double cost = 0;
        bool removed = false;
    };

    void enqueue(std::size_t edge) {
        Edge& e = ring_[edge];
        const std::optional<Vec2> corner = meeting(e.before, e.after);
        if (!corner) return;
        const Vec2 u = direction(edge);
        e.cost = std::abs(cross(u, minus(*corner, hull_[edge]))) / std::sqrt(dot(u, u));
        queue_.insert({e.cost, edge});
    }

    const std::vector<Vec2>& hull_;
    std::vector<Edge> ring_;
    std::set<std::pair<double, std::size_t>> queue_;
};

// The corners of the polygon made by the lines of the kept edges.
std::vector<Vec2> corners_of(const EdgeRemoval& edges,
                             const std::vector<std::size_t>& kept,
                             const std::vector<Vec2>& hull,
                             double margin) {
    std::vector<Vec2> corners;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const std::size_t edge = kept[i];
        const std::size_t next = kept[(i + 1) % kept.size()];
        if ((edge + 1) % hull.size() == next) {
            corners.push_back(hull[next]);  // An untouched corner of the hull.
            continue;
        }
        const std::optional<Vec2> corner = edges.meeting(edge, next);
        NEARFAB_CHECK(corner, "only edges whose neighbours meet are removed");
        const Vec2 u = edges.direction(edge);
        const Vec2 v = edges.direction(next);
        const Vec2 un{u.y / std::hypot(u.x, u.y), -u.x / std::hypot(u.x, u.y)};
        const Vec2 vn{v.y / std::hypot(v.x, v.y), -v.x / std::hypot(v.x, v.y)};
        const double scale = margin / (1 + dot(un, vn) > 1e-3 ? 1 + dot(un, vn) : 1e-3);
        corners.push_back({corner->x + (un.x + vn.x) * scale, corner->y + (un.y + vn.y) * scale});
    }
    return corners;
}

// Keeps the part of the polygon where sign * (coordinate - limit) <= 0.
std::vector<Vec2> clip(const std::vector<Vec2>& polygon,
                       double Vec2::*axis,
                       double Vec2::*other,
                       double limit,
                       double sign) {
    std::vector<Vec2> out;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vec2& a = polygon[i];
        const Vec2& b = polygon[(i + 1) % polygon.size()];
        const double da = sign * (a.*axis - limit);
        const double db = sign * (b.*axis - limit);
        if (da <= 0) out.push_back(a);
        if ((da < 0 && db > 0) || (da > 0 && db < 0)) {
            Vec2 p;
            p.*axis = limit;
            p.*other = a.*other + (b.*other - a.*other) * (da / (da - db));
            out.push_back(p);
        }
    }
    return out;
}

// How far a point lies outside a convex polygon; 0 inside.
double distance_outside(const Vec2& p, const std::vector<Vec2>& hull) {
    double nearest = -1;
    bool outside = false;
    for (std::size_t i = 0; i < hull.size(); ++i) {
        const Vec2 u = minus(hull[(i + 1) % hull.size()], hull[i]);
        const Vec2 w = minus(p, hull[i]);
        outside = outside || cross(u, w) < 0;
        const double along = std::clamp(dot(w, u) / dot(u, u), 0.0, 1.0);
        const double distance = std::hypot(w.x - along * u.x, w.y - along * u.y);
        if (nearest < 0 || distance < nearest) nearest = distance;
    }
    return outside ? nearest : 0;
}

// Leaves out points that lie inside the polygon of the outermost points in sixteen directions:
// they are no corners of the hull, and a hull of few points is cheap.
std::vector<Vec2> without_inner(const std::vector<Vec2>& points) {
    constexpr std::size_t directions = 16;
    constexpr std::size_t half = directions / 2;
    std::array<Vec2, half> along;
    for (std::size_t k = 0; k < half; ++k) {
        const double turn = 2 * std::numbers::pi * static_cast<double>(k) / directions;
        along[k] = {std::cos(turn), std::sin(turn)};
    }
    std::array<Vec2, directions> outer;
    outer.fill(points.front());
    std::array<double, half> low;
    std::array<double, half> high;
    low.fill(std::numeric_limits<double>::max());
    high.fill(std::numeric_limits<double>::lowest());
    for (const Vec2& p : points) {
        for (std::size_t k = 0; k < half; ++k) {
            const double reach = dot(p, along[k]);
            if (reach > high[k]) {
                high[k] = reach;
                outer[k] = p;
            }
            if (reach < low[k]) {
                low[k] = reach;
                outer[k + half] = p;
            }
        }
    }
    const Box box = box_of(points);
    const double largest = std::max(
        {std::abs(box.min.x), std::abs(box.min.y), std::abs(box.max.x), std::abs(box.max.y)});
    const double sure = 1e-14 * largest * largest;  // Far above the rounding of a cross product.
    std::vector<Vec2> out;
    for (const Vec2& p : points) {
        bool inside = true;
        for (std::size_t k = 0; k < directions && inside; ++k) {
            const Vec2 edge = minus(outer[(k + 1) % directions], outer[k]);
            if (edge == Vec2{}) continue;
            inside = cross(edge, minus(p, outer[k])) > sure;
        }
        if (!inside) out.push_back(p);
    }
    return out;
}

Stance stance_of(const Mesh& mesh, UpAxis up, double height_mm, double& grown_mm) {
    const auto [x, y] = [up]() -> std::pair<double Vec3::*, double Vec3::*> {
        switch (up) {
            case UpAxis::z:
                return {&Vec3::x, &Vec3::y};
            case UpAxis::x:
                return {&Vec3::y, &Vec3::z};
            case UpAxis::y:
                return {&Vec3::z, &Vec3::x};
        }
        return {&Vec3::x, &Vec3::y};
    }();
    std::vector<Vec2> seen;
    seen.reserve(mesh.vertices.size());
    for (const Vec3& p : mesh.vertices)
        seen.push_back({p.*x, p.*y});
    Outline outline = outline_of(seen);
    grown_mm = std::max(grown_mm, outline.grown_mm);
    return {up, height_mm, std::move(outline.points)};
}

}  // namespace

Outline simplify_outline(const std::vector<Vec2>& hull, std::size_t max_points) {
    NEARFAB_CHECK(max_points >= 8, "a polygon with four clipped corners has up to eight");
    if (hull.size() <= max_points) return {hull, 0};
    const Box box = box_of(hull);
    EdgeRemoval edges(hull);
    const std::vector<std::size_t> kept = edges.keep(max_points - 4);  // A clip adds one point.
    std::vector<Vec2> points = corners_of(edges, kept, hull, margin_mm(box));
    points = clip(points, &Vec2::x, &Vec2::y, box.max.x, 1);
    points = clip(points, &Vec2::x, &Vec2::y, box.min.x, -1);
    points = clip(points, &Vec2::y, &Vec2::x, box.max.y, 1);
    points = clip(points, &Vec2::y, &Vec2::x, box.min.y, -1);
    points = detail::convex_hull(points);
    if (points.size() > max_points) {
        // A hull all of whose edges are parallel but for rounding; sound, and the growth is said.
        points = {box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}};
    }
    Outline outline{std::move(points), 0};
    for (const Vec2& p : outline.points) {
        outline.grown_mm = std::max(outline.grown_mm, distance_outside(p, hull));
    }
    return outline;
}

Outline outline_of(const std::vector<Vec2>& points) {
    constexpr std::size_t few = 256;
    const std::vector<Vec2> hull =
        detail::convex_hull(points.size() <= few ? points : without_inner(points));
    return simplify_outline(hull, max_outline_points);
}

PartStances stances_of(const Mesh& mesh, const Bounds& bounds) {
    const Vec3 size = bounds.size();
    PartStances out;
    out.stances = {stance_of(mesh, UpAxis::z, size.z, out.grown_mm),
                   stance_of(mesh, UpAxis::x, size.x, out.grown_mm),
                   stance_of(mesh, UpAxis::y, size.y, out.grown_mm)};
    return out;
}

}  // namespace nearfab::geometry
