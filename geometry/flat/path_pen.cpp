// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/path_pen.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Ends nearer than this are one point: far below any machine, far above rounding.
constexpr double same_point_mm = 1e-7;
// A map is taken to keep circles when its axes agree to this part of their length.
constexpr double same_shape = 1e-9;

double chord_steps(double sweep, double longest, double tolerance) {
    const double step = 2 * std::acos(std::max(1 - tolerance / std::max(longest, tolerance), 0.0));
    return std::clamp(std::ceil(std::abs(sweep) / step), 1.0, 1e6);
}

Vec2 cubic_at(const std::array<Vec2, 4>& p, double t) {
    const double s = 1 - t;
    return s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3];
}

}  // namespace

void PathPen::put(const Vec2& mapped) {
    if (fault_ != PenFault::none) return;
    if (!finite(mapped)) {
        fault_ = PenFault::not_finite;
    } else if (std::max(std::abs(mapped.x), std::abs(mapped.y)) > rules_.coordinate_mm) {
        fault_ = PenFault::too_far;
    } else if (++used_ > rules_.points) {
        fault_ = PenFault::too_many;
    } else {
        path_.points.push_back({mapped, 0});
    }
}

void PathPen::move_to(const Vec2& p) {
    finish();
    start_ = local_ = p;
    put(map_(p));
}

void PathPen::line_to(const Vec2& p) {
    if (path_.points.empty()) put(map_(local_));  // A path may go on after it was closed.
    local_ = p;
    put(map_(p));
}

void PathPen::bulge_to(const Vec2& p, double bulge) {
    if (bulge == 0 || p == local_) return line_to(p);
    if (!std::isfinite(bulge)) {
        fault_ = PenFault::not_finite;
        return;
    }
    const ArcShape arc = arc_shape(local_, p, bulge);
    const Vec2 u = local_ - arc.centre;
    ellipse_to(arc.centre, u, left_of(u), 0, arc.sweep);
    local_ = p;
    if (!path_.points.empty() && fault_ == PenFault::none) path_.points.back().at = map_(p);
}

void PathPen::quadratic_to(const Vec2& c, const Vec2& p) {
    const Vec2 c1 = local_ + (2.0 / 3) * (c - local_);
    const Vec2 c2 = p + (2.0 / 3) * (c - p);
    cubic_to(c1, c2, p);
}

void PathPen::cubic_to(const Vec2& c1, const Vec2& c2, const Vec2& p) {
    if (path_.points.empty()) put(map_(local_));
    const std::array<Vec2, 4> at{map_(local_), map_(c1), map_(c2), map_(p)};
    local_ = p;
    const double bend =
        std::max(length(at[0] - 2 * at[1] + at[2]), length(at[1] - 2 * at[2] + at[3]));
    if (!std::isfinite(bend)) {
        if (fault_ == PenFault::none) fault_ = PenFault::not_finite;
        return;
    }
    const double wanted = std::ceil(std::sqrt(0.75 * bend / rules_.chord_tolerance_mm));
    if (wanted >= 2 && cubic_as_arc(at[0], at[1], at[2], at[3])) return;
    const auto steps = static_cast<std::uint32_t>(std::clamp(wanted, 1.0, 1e6));
    for (std::uint32_t i = 1; i < steps && fault_ == PenFault::none; ++i)
        put(cubic_at(at, static_cast<double>(i) / steps));
    put(at[3]);
}

// Drawing programs write circles as cubics. The error of such a cubic is largest between the
// middle and the ends, so eight samples see it.
bool PathPen::cubic_as_arc(const Vec2& p0, const Vec2& p1, const Vec2& p2, const Vec2& p3) {
    const std::array<Vec2, 4> at{p0, p1, p2, p3};
    const Vec2 chord = p3 - p0;
    const double span = length(chord);
    if (span < same_point_mm) return false;
    const Vec2 top = cubic_at(at, 0.5);
    const Vec2 half = (2 / (span * span)) * (top - middle(p0, p3));
    // The top of an arc of bulge b lies b span / 2 to the right of the chord's middle.
    const double bulge = -cross(chord, half);
    if (std::abs(dot(half, chord)) > 1e-3 || std::abs(bulge) < 1e-6 || std::abs(bulge) > 1)
        return false;
    const ArcShape arc = arc_shape(p0, p3, bulge);
    const double allowed = 0.5 * rules_.chord_tolerance_mm;
    double last = 0;
    for (int i = 1; i <= 8; ++i) {
        const Vec2 spoke = cubic_at(at, i / 8.0) - arc.centre;
        if (std::abs(length(spoke) - arc.radius) > allowed) return false;
        // The angle must grow all the way: a cubic may run back over itself.
        const Vec2 first = p0 - arc.centre;
        double angle = std::atan2(cross(first, spoke), dot(first, spoke));
        if (arc.sweep > 0 && angle < -1e-6) angle += 2 * pi;
        if (arc.sweep < 0 && angle > 1e-6) angle -= 2 * pi;
        if (std::abs(angle) < last) return false;
        last = std::abs(angle);
    }
    if (fault_ == PenFault::none && !path_.points.empty()) path_.points.back().bulge = bulge;
    put(p3);
    return true;
}

void PathPen::ellipse_to(const Vec2& centre, const Vec2& u, const Vec2& v, double t0, double t1) {
    const auto at = [&](double t) { return centre + std::cos(t) * u + std::sin(t) * v; };
    const Vec2 mapped_centre = map_(centre);
    const Vec2 mu = map_.direction(u);
    const Vec2 mv = map_.direction(v);
    const Vec2 begin = map_(at(t0));
    if (!finite(begin) || !finite(mu) || !finite(mv) || !std::isfinite(t1 - t0)) {
        if (fault_ == PenFault::none) fault_ = PenFault::not_finite;
        return;
    }
    if (path_.points.empty() || distance(path_.points.back().at, begin) > same_point_mm) put(begin);
    local_ = at(t1);
    const double longest = std::max(length(mu), length(mv));
    if (std::abs(length(mu) - length(mv)) <= same_shape * longest &&
        std::abs(dot(mu, mv)) <= same_shape * longest * longest) {
        return circle_steps(mapped_centre, mu, mv, t0, t1);
    }
    // The longer half axis of the mapped ellipse is at most the length of both together.
    const double reach = std::hypot(length(mu), length(mv));
    const auto steps =
        static_cast<std::uint32_t>(chord_steps(t1 - t0, reach, rules_.chord_tolerance_mm));
    for (std::uint32_t i = 1; i <= steps && fault_ == PenFault::none; ++i) {
        const double t = t0 + (t1 - t0) * i / steps;
        put(mapped_centre + std::cos(t) * mu + std::sin(t) * mv);
    }
}

void PathPen::circle_steps(const Vec2& centre, const Vec2& u, const Vec2& v, double t0, double t1) {
    const bool mirrored = cross(u, v) < 0;
    const double sweep = t1 - t0;
    // The tolerance keeps a half circle, rounded up by a bit, one arc.
    const double parts = std::clamp(std::ceil(std::abs(sweep) / pi - 1e-9), 1.0, 1e6);
    const double bulge = std::clamp((mirrored ? -1 : 1) * std::tan(sweep / parts / 4), -1.0, 1.0);
    for (double i = 1; i <= parts && fault_ == PenFault::none; i += 1) {
        const double t = t0 + sweep * i / parts;
        if (!path_.points.empty()) path_.points.back().bulge = bulge;
        put(centre + std::cos(t) * u + std::sin(t) * v);
    }
}

void PathPen::close() {
    local_ = start_;
    if (path_.points.empty()) return;
    path_.closed = true;
    const Vec2 first = path_.points.front().at;
    // The way back is drawn already when the last point is the first.
    while (path_.points.size() > 1 && distance(path_.points.back().at, first) <= same_point_mm)
        path_.points.pop_back();
    finish();
}

void PathPen::finish() {
    if (path_.points.size() > 1) done_.push_back(std::move(path_));
    path_ = {};
}

std::vector<PenPath> PathPen::take() {
    finish();
    return std::exchange(done_, {});
}

}  // namespace nearfab::geometry::flat
