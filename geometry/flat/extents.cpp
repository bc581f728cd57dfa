// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/extents.hpp"

#include "base/check.hpp"
#include "geometry/detail/hull.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

constexpr double chord_error_mm = 0.002;
constexpr double most_chords = 256;  // Of a quarter circle.

// A point on a piece, the step-th of so many chords.
struct Sample {
    Vec2 at;
    std::uint32_t piece = 0;
    std::uint32_t step = 0;
};

std::uint32_t chords_of(const Piece& piece) {
    if (!piece.arc()) return 1;
    const double step =
        2 * std::acos(std::max(1 - chord_error_mm / std::max(piece.radius, chord_error_mm), 0.0));
    return static_cast<std::uint32_t>(
        std::clamp(std::ceil(piece.length() / piece.radius / step), 1.0, most_chords));
}

std::vector<Sample> samples_of(std::span<const Piece> pieces) {
    std::vector<Sample> samples;
    for (std::uint32_t i = 0; i < pieces.size(); ++i) {
        const std::uint32_t chords = chords_of(pieces[i]);
        samples.push_back({pieces[i].from, i, 0});
        for (std::uint32_t k = 1; k < chords; ++k)
            samples.push_back({pieces[i].point(static_cast<double>(k) / chords), i, k});
        samples.push_back({pieces[i].to, i, chords});
    }
    return samples;
}

std::vector<Vec2> hull_of(const std::vector<Sample>& samples) {
    std::vector<Vec2> points;
    points.reserve(samples.size());
    for (const Sample& sample : samples)
        points.push_back(sample.at);
    return detail::convex_hull(points);
}

bool before(const Vec2& a, const Vec2& b) {
    return a.x != b.x ? a.x < b.x : a.y < b.y;
}

// What arcs bulge beyond the sides of the hull that are their chords.
double bulges(std::span<const Piece> pieces,
              std::vector<Sample> samples,
              const std::vector<Vec2>& hull) {
    std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) {
        return before(a.at, b.at);
    });
    const auto at = [&](const Vec2& p) {
        struct Order {
            bool operator()(const Sample& a, const Vec2& b) const { return before(a.at, b); }
            bool operator()(const Vec2& a, const Sample& b) const { return before(a, b.at); }
        };
        const auto [first, last] = std::equal_range(samples.begin(), samples.end(), p, Order{});
        // Ends of a few pieces; of copies upon copies any will do.
        return std::span{first, std::min(last, first + std::min<std::ptrdiff_t>(last - first, 8))};
    };
    double sum = 0;
    for (std::size_t i = 0; i < hull.size(); ++i) {
        double largest = 0;
        for (const Sample& a : at(hull[i])) {
            for (const Sample& b : at(hull[(i + 1) % hull.size()])) {
                const Piece& piece = pieces[a.piece];
                // The hull runs counter-clockwise, and so does an arc on its outside.
                const bool forward = a.step + 1 == b.step && piece.left;
                const bool backward = b.step + 1 == a.step && !piece.left;
                if (a.piece != b.piece || !piece.arc() || (!forward && !backward)) continue;
                const double sweep = piece.length() / piece.radius / chords_of(piece);
                largest = std::max(largest,
                                   0.5 * piece.radius * piece.radius * (sweep - std::sin(sweep)));
            }
        }
        sum += largest;
    }
    return sum;
}

// What lies along and across one side of the hull.
struct Caliper {
    double across = 0;
    double least = 0;  // Along the side.
    double most = 0;
};

// The hull's furthest points move forward only, as the sides turn.
template <typename Visit>
void each_side(const std::vector<Vec2>& hull, const Visit& visit) {
    const std::size_t n = hull.size();
    std::size_t top = 1;
    std::size_t front = 1;
    std::size_t back = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const Vec2 side = hull[(i + 1) % n] - hull[i];
        const Vec2 u = (1 / length(side)) * side;
        const Vec2 v = left_of(u);
        const auto along = [&](std::size_t k) { return dot(hull[k % n] - hull[i], u); };
        const auto across = [&](std::size_t k) { return dot(hull[k % n] - hull[i], v); };
        front = std::max(front, i + 1);
        while (front < i + n && along(front + 1) > along(front))
            ++front;
        top = std::max(top, front);
        while (top < i + n && across(top + 1) > across(top))
            ++top;
        back = std::max(back, top);
        while (back < i + n && along(back + 1) < along(back))
            ++back;
        visit(u, hull[i], Caliper{across(top), std::min(along(back), 0.0), along(front)});
    }
}

}  // namespace

Extent extent_of(std::span<const Piece> pieces) {
    NEARFAB_CHECK(!pieces.empty(), "nothing has no extent");
    std::vector<Sample> samples = samples_of(pieces);
    const std::vector<Vec2> hull = hull_of(samples);
    Extent extent;
    if (hull.size() < 3) {  // A straight line.
        const Vec2 along = hull.back() - hull.front();
        double angle = std::atan2(along.y, along.x);
        if (angle < 0) angle += pi;
        if (angle >= pi) angle -= pi;
        extent.rectangle = {middle(hull.front(), hull.back()), length(along), 0, angle};
        return extent;
    }
    double twice = 0;
    for (std::size_t i = 1; i + 1 < hull.size(); ++i)
        twice += cross(hull[i] - hull[0], hull[i + 1] - hull[0]);
    extent.hull_area_mm2 = twice / 2 + bulges(pieces, std::move(samples), hull);
    bool first = true;
    double least_area = 0;
    each_side(hull, [&](const Vec2& u, const Vec2& origin, const Caliper& caliper) {
        const double wide = caliper.most - caliper.least;
        const double area = wide * caliper.across;
        if (first || caliper.across < extent.width_mm) extent.width_mm = caliper.across;
        if (first || area < least_area) {
            least_area = area;
            const Vec2 centre = origin + (0.5 * (caliper.most + caliper.least)) * u +
                                (0.5 * caliper.across) * left_of(u);
            const bool turned = caliper.across > wide;
            double angle = std::atan2(u.y, u.x) + (turned ? pi / 2 : 0);
            angle = std::fmod(angle + 2 * pi, pi);
            extent.rectangle = {
                centre, std::max(wide, caliper.across), std::min(wide, caliper.across), angle};
        }
        first = false;
    });
    return extent;
}

}  // namespace nearfab::geometry::flat
