// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/polygon.hpp"

#include "base/check.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfab::geometry {
namespace {

constexpr double bend_share = 1e-3;  // Of the polygon's size; less is rounding in the file.

using Direction = std::array<double, 3>;

Direction as_double(const Corner& p) {
    return {static_cast<double>(p[0]), static_cast<double>(p[1]), static_cast<double>(p[2])};
}

// Newell's normal: twice the area vector, around the first corner to keep the digits.
Direction normal_of(std::span<const Corner> corners) {
    const Direction origin = as_double(corners[0]);
    Direction sum{};
    for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
        const Direction p = as_double(corners[i]);
        const Direction q = as_double(corners[i + 1]);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::size_t j = (axis + 1) % 3;
            const std::size_t k = (axis + 2) % 3;
            sum[axis] +=
                (p[j] - origin[j]) * (q[k] - origin[k]) - (p[k] - origin[k]) * (q[j] - origin[j]);
        }
    }
    return sum;
}

}  // namespace

Result<std::span<const std::array<std::uint32_t, 3>>> PolygonCutter::cut(
    std::span<const Corner> corners) {
    NEARFAB_CHECK(corners.size() >= 3, "a polygon has three corners or more");
    triangles_.clear();
    if (corners.size() == 3) {
        triangles_.push_back({0, 1, 2});
        return triangles_;
    }
    const Shape shape = flatten(corners);
    if (corners.size() == 4 && (is_bent_ || shape == Shape::convex)) {
        cut_quad(corners);
    } else if (shape == Shape::concave) {
        cut_ears();
    } else {
        fan(static_cast<std::uint32_t>(corners.size()));
    }
    if (steps_left_ == 0) {
        return fail(Error{
            ErrorCode::too_large,
            "the polygons of the file (the last with " + std::to_string(corners.size()) +
                " corners) need more steps to cut than the limit of " + std::to_string(step_limit_),
            "Export the part as triangles",
            "at " + number_text(corners[0][0]) + ", " + number_text(corners[0][1]) + ", " +
                number_text(corners[0][2])});
    }
    NEARFAB_CHECK(triangles_.size() == corners.size() - 2, "n corners make n - 2 triangles");
    return triangles_;
}

PolygonCutter::Shape PolygonCutter::flatten(std::span<const Corner> corners) {
    is_bent_ = false;
    const Direction normal = normal_of(corners);
    std::size_t axis = 0;
    for (std::size_t i = 1; i < 3; ++i) {
        if (std::abs(normal[i]) > std::abs(normal[axis])) axis = i;
    }
    if (!(std::abs(normal[axis]) > 0)) return Shape::no_area;
    measure_bend(corners, normal);
    // Seen from the side that the normal points to, the polygon runs counter-clockwise.
    const std::size_t u = (axis + (normal[axis] > 0 ? 1U : 2U)) % 3;
    const std::size_t v = (axis + (normal[axis] > 0 ? 2U : 1U)) % 3;
    flat_.clear();
    double farthest = 0;
    double size = 0;
    for (const Corner& p : corners) {
        const Flat point{static_cast<double>(p[u]), static_cast<double>(p[v])};
        flat_.push_back(point);
        farthest = std::max({farthest, std::abs(point.u), std::abs(point.v)});
        size = std::max({size, std::abs(point.u - flat_[0].u), std::abs(point.v - flat_[0].v)});
    }
    // What corners on one line can turn by when their coordinates are rounded to float32.
    rounding_ = 4 * static_cast<double>(std::numeric_limits<float>::epsilon()) * farthest * size;
    return is_convex() ? Shape::convex : Shape::concave;
}

void PolygonCutter::measure_bend(std::span<const Corner> corners, const Direction& normal) {
    const double length = std::hypot(normal[0], normal[1], normal[2]);
    const Direction origin = as_double(corners[0]);
    double low = 0;
    double high = 0;
    double size = 0;
    for (const Corner& corner : corners) {
        const Direction p = as_double(corner);
        double height = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            height += (p[axis] - origin[axis]) * normal[axis] / length;
            size = std::max(size, std::abs(p[axis] - origin[axis]));
        }
        low = std::min(low, height);
        high = std::max(high, height);
    }
    is_bent_ = high - low > size * bend_share;
    if (!is_bent_) return;
    ++bent_.count;
    bent_.worst_mm = std::max(bent_.worst_mm, high - low);
}

double PolygonCutter::turn(std::uint32_t a, std::uint32_t b, std::uint32_t c) const {
    const Flat& p = flat_[a];
    const Flat& q = flat_[b];
    const Flat& r = flat_[c];
    return (q.u - p.u) * (r.v - q.v) - (q.v - p.v) * (r.u - q.u);
}

// Every corner turns left, and the direction goes round once: with two turns (a pentagram) the
// sense along u would change more than twice.
bool PolygonCutter::is_convex() const {
    const auto n = static_cast<std::uint32_t>(flat_.size());
    int changes = 0;
    bool rightwards = flat_[0].u > flat_[n - 1].u;
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t next = i + 1 == n ? 0 : i + 1;
        const std::uint32_t last = i == 0 ? n - 1 : i - 1;
        if (!(turn(last, i, next) > 0)) return false;
        const bool now = flat_[next].u > flat_[i].u;
        changes += now != rightwards ? 1 : 0;
        rightwards = now;
    }
    return changes <= 2;
}

void PolygonCutter::fan(std::uint32_t n) {
    for (std::uint32_t i = 1; i + 1 < n; ++i)
        triangles_.push_back({0, i, i + 1});
}

// The surface of a quadrilateral cut along either diagonal, twice its area.
PolygonCutter::Diagonals PolygonCutter::diagonals_of(std::span<const Corner> corners) {
    const auto area = [&](std::size_t a, std::size_t b, std::size_t c) {
        const std::array<Corner, 3> triangle{corners[a], corners[b], corners[c]};
        const Direction normal = normal_of(triangle);
        return std::hypot(normal[0], normal[1], normal[2]);
    };
    return {area(0, 1, 2) + area(0, 2, 3), area(1, 2, 3) + area(1, 3, 0)};
}

// Seen along an axis, a bent quadrilateral may look concave though it is not, or convex though it
// folds. Of its two diagonals the one with the smaller surface is the one without a fold.
void PolygonCutter::cut_quad(std::span<const Corner> corners) {
    const Diagonals surface = diagonals_of(corners);
    // A flat one is a fan, but for rounding in the file.
    const double slack = is_bent_ ? 0 : 1e-6;
    if (surface.first <= surface.second * (1 + slack)) {
        fan(4);
    } else {
        triangles_.push_back({1, 2, 3});
        triangles_.push_back({1, 3, 0});
    }
}

// Cuts off the corner `at`.
void PolygonCutter::take(std::uint32_t at) {
    triangles_.push_back({before_[at], at, after_[at]});
    after_[before_[at]] = after_[at];
    before_[after_[at]] = before_[at];
}

// No corner may lie in the triangle or on its border, except at the very places of its corners,
// where polygons with a bridge to an inner ring touch themselves.
bool PolygonCutter::is_ear(std::uint32_t at) {
    const std::uint32_t a = before_[at];
    const std::uint32_t c = after_[at];
    if (!(turn(a, at, c) > 0)) return false;
    const auto same = [&](std::uint32_t i, std::uint32_t j) {
        return flat_[i].u == flat_[j].u && flat_[i].v == flat_[j].v;
    };
    for (std::uint32_t i = after_[c]; i != a; i = after_[i]) {
        if (--steps_left_ == 0) return true;
        const bool inside = turn(a, at, i) >= 0 && turn(at, c, i) >= 0 && turn(c, a, i) >= 0;
        if (inside && !same(i, a) && !same(i, at) && !same(i, c)) return false;
    }
    return true;
}

void PolygonCutter::cut_ears() {
    const auto n = static_cast<std::uint32_t>(flat_.size());
    before_.resize(n);
    after_.resize(n);
    for (std::uint32_t i = 0; i < n; ++i) {
        before_[i] = i == 0 ? n - 1 : i - 1;
        after_[i] = i + 1 == n ? 0 : i + 1;
    }
    bool tangled = false;
    std::uint32_t at = 0;
    std::uint32_t tried = 0;
    for (std::uint32_t left = n; left > 2 && steps_left_ > 0;) {
        const bool ear = is_ear(at);
        // When a whole round found no ear, a corner without area goes first, then any.
        const bool flat =
            !ear && tried >= left && std::abs(turn(before_[at], at, after_[at])) <= rounding_;
        const bool stuck = !ear && !flat && tried >= 2 * left;
        if (ear || flat || stuck) {
            tangled = tangled || stuck;
            take(at);
            --left;
            tried = 0;
            at = after_[after_[at]];  // Not the neighbour, which would make a fan of slivers.
        } else {
            --steps_left_;
            ++tried;
            at = after_[at];
        }
    }
    tangled_ += tangled ? 1 : 0;
}

}  // namespace nearfab::geometry
