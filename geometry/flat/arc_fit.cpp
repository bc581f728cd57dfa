// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/arc_fit.hpp"

#include "base/check.hpp"
#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

constexpr double widest_edge = 25 * pi / 180;
constexpr std::size_t fewest_edges = 4;

struct Circle {
    Vec2 centre;
    double radius = 0;
};

std::optional<Circle> circle_through(const Vec2& a, const Vec2& b, const Vec2& c) {
    const Vec2 ab = b - a;
    const Vec2 ac = c - a;
    const double twice = 2 * cross(ab, ac);
    if (std::abs(twice) <= 1e-12 * (dot(ab, ab) + dot(ac, ac))) return std::nullopt;
    const Vec2 off{(ac.y * dot(ab, ab) - ab.y * dot(ac, ac)) / twice,
                   (ab.x * dot(ac, ac) - ac.x * dot(ab, ab)) / twice};
    return Circle{a + off, length(off)};
}

class Fitter {
public:
    Fitter(const std::vector<Vec2>& polygon, double tolerance, double edge_mm)
        : tolerance_(tolerance),
          edge_mm_(edge_mm),
          points_(without_straight_corners(polygon, tolerance)) {}

    std::vector<PathPoint> fit() {
        const std::size_t n = points_.size();
        if (n < 3) return lines();
        if (n > fewest_edges && arc(0, n)) {
            turn_ = 0;
            add_arc(0, n);
            return std::move(out_);
        }
        begin_at_corner();
        for (std::size_t at = 0; at < n;) {
            const std::size_t edges = longest_arc(at, n - at);
            if (edges == 0) {
                out_.push_back({point(at), 0});
                ++at;
            } else {
                add_arc(at, edges);
                at += edges;
            }
        }
        return std::move(out_);
    }

private:
    // Exports put corners into straight edges wherever triangles meet. The corner is left out when
    // it is on the line between its neighbours that stay, to a small part of the tolerance: more
    // would take corners out of large circles.
    static std::vector<Vec2> without_straight_corners(const std::vector<Vec2>& polygon,
                                                      double tolerance) {
        const double near = 0.02 * tolerance;
        std::vector<Vec2> kept;
        const std::size_t n = polygon.size();
        for (std::size_t i = 0; i < n; ++i) {
            const Vec2& before = kept.empty() ? polygon[n - 1] : kept.back();
            const Vec2 span = polygon[(i + 1) % n] - before;
            const Vec2 own = polygon[i] - before;
            const double size = length(span);
            const bool between = size > 0 && dot(own, span) >= 0 && dot(own, span) <= size * size;
            if (between && std::abs(cross(own, span)) <= near * size) continue;
            kept.push_back(polygon[i]);
        }
        return kept;
    }

    std::vector<PathPoint> lines() const {
        std::vector<PathPoint> all;
        for (const Vec2& p : points_)
            all.push_back({p, 0});
        return all;
    }

    const Vec2& point(std::size_t i) const { return points_[(i + turn_) % points_.size()]; }

    // The circle of the edges from a corner on, when they are an arc.
    std::optional<Circle> arc(std::size_t from, std::size_t edges) const {
        const auto circle =
            circle_through(point(from), point(from + edges / 3), point(from + 2 * edges / 3));
        if (!circle) return std::nullopt;
        double sign = 0;
        for (std::size_t i = from; i < from + edges; ++i) {
            const Vec2 a = point(i) - circle->centre;
            const Vec2 b = point(i + 1) - circle->centre;
            if (std::abs(length(b) - circle->radius) > tolerance_) return std::nullopt;
            const double sweep = std::atan2(cross(a, b), dot(a, b));
            if (std::abs(sweep) > widest_edge || sweep * sign < 0 || sweep == 0)
                return std::nullopt;
            if (circle->radius * (1 - std::cos(sweep / 2)) > edge_mm_) return std::nullopt;
            sign = sweep;
        }
        return circle;
    }

    // So that the outline does not begin in the middle of an arc: a corner that no arc runs over.
    void begin_at_corner() {
        const std::size_t n = points_.size();
        for (std::size_t i = 0; i < n; ++i) {
            if (n > fewest_edges && arc(i + n - 2, fewest_edges)) continue;
            turn_ = i;
            return;
        }
    }

    // The number of edges of the longest arc from there, by doubling and halving; 0 for none.
    std::size_t longest_arc(std::size_t at, std::size_t most) const {
        if (most < fewest_edges || !arc(at, fewest_edges)) return 0;
        std::size_t good = fewest_edges;
        std::size_t bad = most + 1;
        while (good * 2 < bad) {
            if (!arc(at, good * 2)) {
                bad = good * 2;
                break;
            }
            good *= 2;
        }
        while (bad - good > 1) {
            const std::size_t middle = good + (bad - good) / 2;
            (arc(at, middle) ? good : bad) = middle;
        }
        return good;
    }

    double sweep_of(const Circle& circle, std::size_t from, std::size_t edges) const {
        double sweep = 0;
        for (std::size_t i = from; i < from + edges; ++i) {
            const Vec2 a = point(i) - circle.centre;
            const Vec2 b = point(i + 1) - circle.centre;
            sweep += std::atan2(cross(a, b), dot(a, b));
        }
        return sweep;
    }

    // As arcs of at most a half circle.
    void add_arc(std::size_t from, std::size_t edges) {
        const auto circle = arc(from, edges);
        NEARFAB_CHECK(circle.has_value(), "only arcs are added");
        const double whole = sweep_of(*circle, from, edges);
        const bool divided = std::abs(whole) > pi;
        if (!divided) {
            out_.push_back({point(from), std::tan(whole / 4)});
            return;
        }
        if (edges == points_.size()) {  // A circle: opposite points on it, two half circles.
            const Vec2 spoke = point(from) - circle->centre;
            const Vec2 on_circle = (circle->radius / length(spoke)) * spoke;
            const double bulge = whole > 0 ? 1 : -1;
            out_.push_back({circle->centre + on_circle, bulge});
            out_.push_back({circle->centre - on_circle, bulge});
            return;
        }
        const std::size_t half = edges / 2;
        const double first = sweep_of(*circle, from, half);
        out_.push_back({point(from), std::tan(first / 4)});
        out_.push_back({point(from + half), std::tan((whole - first) / 4)});
    }

    double tolerance_;
    double edge_mm_;
    std::vector<Vec2> points_;
    std::size_t turn_ = 0;  // The corner that comes first.
    std::vector<PathPoint> out_;
};

}  // namespace

std::vector<PathPoint> with_arcs(const std::vector<Vec2>& polygon,
                                 double tolerance_mm,
                                 double edge_mm) {
    NEARFAB_CHECK(polygon.size() >= 3 && tolerance_mm > 0, "a polygon and a tolerance");
    return Fitter{polygon, tolerance_mm, edge_mm}.fit();
}

}  // namespace nearfab::geometry::flat
