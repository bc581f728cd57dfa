// SPDX-License-Identifier: GPL-3.0-or-later
// path_pen.hpp - draws curves as lines and arcs through an affine map, within a tolerance.
//
// A circular arc stays an arc under a map that keeps circles circles, and becomes an ellipse under
// any other. Ellipses become chords of equal parameter steps: the map of a circle of radius 1 onto
// them stretches no error by more than their longer half axis a, so steps of 2 acos(1 - e / a) keep
// the error below e. A cubic with control points p is within |p''| / (8 n^2) of n chords, where
// |p''| <= 6 max(|p0 - 2 p1 + p2|, |p1 - 2 p2 + p3|); one that lies on a circle within the
// tolerance becomes an arc instead.

#pragma once

#include "geometry/flat/drawing.hpp"
#include "geometry/flat/plane.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

struct PenRules {
    double chord_tolerance_mm = 0.01;
    double coordinate_mm = 1e6;
    std::uint64_t points = 2'000'000;  // Over all pens that share the count.
};

enum class PenFault : std::uint8_t { none, not_finite, too_far, too_many };

struct PenPath {
    std::vector<PathPoint> points;
    bool closed = false;
};

class PathPen {
public:
    // REQUIRES: rules and used outlive the pen; used counts the points of all pens so far.
    PathPen(const plane::Affine& to_mm, const PenRules& rules, std::uint64_t& used)
        : map_(to_mm), rules_(rules), used_(used) {}

    // All points are given before the map. REQUIRES for all but move_to: a move_to before.
    void move_to(const Vec2& p);
    void line_to(const Vec2& p);
    // Any finite bulge: arcs of more than a half circle are divided.
    void bulge_to(const Vec2& p, double bulge);
    void quadratic_to(const Vec2& c, const Vec2& p);
    void cubic_to(const Vec2& c1, const Vec2& c2, const Vec2& p);
    // centre + cos(t) u + sin(t) v from t0 to t1; begins at the pen when that is near by.
    void ellipse_to(const Vec2& centre, const Vec2& u, const Vec2& v, double t0, double t1);
    void close();

    // The first thing that went wrong; nothing is drawn after it.
    [[nodiscard]] PenFault fault() const { return fault_; }
    // Paths of two points and more; the pen is empty then.
    [[nodiscard]] std::vector<PenPath> take();

private:
    void put(const Vec2& mapped);
    void finish();
    bool cubic_as_arc(const Vec2& p0, const Vec2& p1, const Vec2& p2, const Vec2& p3);
    void circle_steps(const Vec2& centre, const Vec2& u, const Vec2& v, double t0, double t1);

    plane::Affine map_;
    const PenRules& rules_;
    std::uint64_t& used_;
    Vec2 local_{};  // Where the pen is, before the map.
    Vec2 start_{};  // Where the path began, before the map.
    PenPath path_;  // Points after the map.
    std::vector<PenPath> done_;
    PenFault fault_ = PenFault::none;
};

}  // namespace nearfab::geometry::flat
