// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/nurbs.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

struct Weighted {
    double x = 0;
    double y = 0;
    double w = 1;
};

// Points of one knot span; the buffer is used again for every point.
class SpanCurve {
public:
    SpanCurve(const Nurbs& curve, std::size_t span)
        : curve_(curve), span_(span), work_(static_cast<std::size_t>(curve.degree) + 1) {}

    Vec2 at(double t) {
        const auto degree = static_cast<std::size_t>(curve_.degree);
        for (std::size_t i = 0; i <= degree; ++i) {
            const std::size_t from = span_ - degree + i;
            const double w = curve_.weights.empty() ? 1 : curve_.weights[from];
            work_[i] = {w * curve_.points[from].x, w * curve_.points[from].y, w};
        }
        for (std::size_t round = 1; round <= degree; ++round) {
            for (std::size_t i = degree; i >= round; --i) {
                const double low = curve_.knots[span_ - degree + i];
                const double high = curve_.knots[span_ + 1 + i - round];
                const double part = high > low ? (t - low) / (high - low) : 0;
                const Weighted& a = work_[i - 1];
                Weighted& b = work_[i];
                b = {a.x + part * (b.x - a.x), a.y + part * (b.y - a.y), a.w + part * (b.w - a.w)};
            }
        }
        return {work_[degree].x / work_[degree].w, work_[degree].y / work_[degree].w};
    }

private:
    const Nurbs& curve_;
    std::size_t span_;
    std::vector<Weighted> work_;
};

double off_chord(const Vec2& p, const Vec2& from, const Vec2& to) {
    const Vec2 chord = to - from;
    const double squared = dot(chord, chord);
    const double part = squared > 0 ? std::clamp(dot(p - from, chord) / squared, 0.0, 1.0) : 0;
    return distance(p, from + part * chord);
}

struct Stretch {
    double t0 = 0;
    double t1 = 0;
    Vec2 from;
    Vec2 to;
    int halvings = 0;
};

void draw_span(SpanCurve& curve, const Stretch& stretch, double tolerance, PathPen& pen) {
    if (pen.fault() != PenFault::none) return;
    static constexpr int most_halvings = 14;
    const auto at = [&](double part) {
        return curve.at(stretch.t0 + part * (stretch.t1 - stretch.t0));
    };
    const Vec2 mid = at(0.5);
    const double off = std::max({off_chord(at(0.25), stretch.from, stretch.to),
                                 off_chord(mid, stretch.from, stretch.to),
                                 off_chord(at(0.75), stretch.from, stretch.to)});
    if (!(off > tolerance) || stretch.halvings >= most_halvings) return pen.line_to(stretch.to);
    const double t = 0.5 * (stretch.t0 + stretch.t1);
    draw_span(curve, {stretch.t0, t, stretch.from, mid, stretch.halvings + 1}, tolerance, pen);
    draw_span(curve, {t, stretch.t1, mid, stretch.to, stretch.halvings + 1}, tolerance, pen);
}

}  // namespace

std::optional<std::string> fault_of(const Nurbs& curve) {
    if (curve.degree < 1) return "its degree " + std::to_string(curve.degree) + " is below 1";
    const auto degree = static_cast<std::size_t>(curve.degree);
    if (curve.points.size() <= degree) {
        return "it has " + std::to_string(curve.points.size()) +
               " control points, too few for degree " + std::to_string(degree);
    }
    if (curve.knots.size() != curve.points.size() + degree + 1) {
        return "it has " + std::to_string(curve.knots.size()) + " knots where " +
               std::to_string(curve.points.size()) + " control points of degree " +
               std::to_string(degree) + " need " + std::to_string(curve.points.size() + degree + 1);
    }
    if (!curve.weights.empty() && curve.weights.size() != curve.points.size()) {
        return "it has " + std::to_string(curve.weights.size()) + " weights for " +
               std::to_string(curve.points.size()) + " control points";
    }
    if (!std::is_sorted(curve.knots.begin(), curve.knots.end())) return "its knots go back";
    if (!(curve.knots[degree] < curve.knots[curve.points.size()])) return "its knots span nothing";
    if (std::any_of(curve.weights.begin(), curve.weights.end(), [](double w) { return w <= 0; }))
        return "a weight is not above 0";
    return std::nullopt;
}

void draw(const Nurbs& curve, double tolerance, PathPen& pen) {
    NEARFAB_CHECK(!fault_of(curve), "only sound splines are drawn");
    const auto degree = static_cast<std::size_t>(curve.degree);
    bool begun = false;
    for (std::size_t span = degree; span < curve.points.size(); ++span) {
        const double t0 = curve.knots[span];
        const double t1 = curve.knots[span + 1];
        if (!(t0 < t1)) continue;
        SpanCurve piece{curve, span};
        const Vec2 from = piece.at(t0);
        if (!begun) pen.move_to(from);
        begun = true;
        // Halved once at least, so that an S is not taken for its chord.
        const double t = 0.5 * (t0 + t1);
        const Vec2 mid = piece.at(t);
        const Vec2 to = piece.at(t1);
        if (degree == 1) {
            pen.line_to(to);
            continue;
        }
        draw_span(piece, {t0, t, from, mid, 1}, tolerance, pen);
        draw_span(piece, {t, t1, mid, to, 1}, tolerance, pen);
    }
}

void draw_through(const std::vector<Vec2>& points,
                  const std::optional<Vec2>& start_tangent,
                  const std::optional<Vec2>& end_tangent,
                  PathPen& pen) {
    std::vector<Vec2> p;
    for (const Vec2& point : points) {
        if (p.empty() || point != p.back()) p.push_back(point);
    }
    NEARFAB_CHECK(!p.empty(), "a curve goes through points");
    pen.move_to(p.front());
    const std::size_t n = p.size();
    if (n == 2 && !start_tangent && !end_tangent) return pen.line_to(p[1]);
    if (n < 2) return;
    std::vector<double> h(n - 1);
    for (std::size_t i = 0; i + 1 < n; ++i)
        h[i] = distance(p[i], p[i + 1]);
    // Slopes m: one row of a tridiagonal system per point, solved from front to back and again.
    std::vector<double> diagonal(n);
    std::vector<double> above(n, 0);
    std::vector<Vec2> m(n);
    const auto unit = [](const Vec2& v) { return length(v) > 0 ? (1 / length(v)) * v : v; };
    diagonal[0] = start_tangent ? 1 : 2;
    above[0] = start_tangent ? 0 : 1;
    m[0] = start_tangent ? unit(*start_tangent) : (3 / h[0]) * (p[1] - p[0]);
    for (std::size_t i = 1; i < n; ++i) {
        const bool last = i + 1 == n;
        const double below = last ? (end_tangent ? 0 : 1) : h[i];
        const double mid = last ? (end_tangent ? 1 : 2) : 2 * (h[i - 1] + h[i]);
        above[i] = last ? 0 : h[i - 1];
        Vec2 right = last ? (end_tangent ? unit(*end_tangent) : (3 / h[i - 1]) * (p[i] - p[i - 1]))
                          : (3 * h[i] / h[i - 1]) * (p[i] - p[i - 1]) +
                                (3 * h[i - 1] / h[i]) * (p[i + 1] - p[i]);
        const double factor = below / diagonal[i - 1];
        diagonal[i] = mid - factor * above[i - 1];
        m[i] = right - factor * m[i - 1];
    }
    for (std::size_t i = n; i-- > 0;) {
        const Vec2 rest = i + 1 < n ? m[i] - above[i] * m[i + 1] : m[i];
        m[i] = (1 / diagonal[i]) * rest;
    }
    for (std::size_t i = 0; i + 1 < n && pen.fault() == PenFault::none; ++i)
        pen.cubic_to(p[i] + (h[i] / 3) * m[i], p[i + 1] - (h[i] / 3) * m[i + 1], p[i + 1]);
}

}  // namespace nearfab::geometry::flat
