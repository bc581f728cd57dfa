// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/inner_corners.hpp"

#include "geometry/process/slices.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr double degree = std::numbers::pi / 180;
constexpr double straight_deg = 0.25;  // Less turn than this joins two segments to one.
constexpr double wall_slope = 0.05;    // Sine of three degrees.
constexpr double lone_turn_deg = 30;   // A single turn of less is a kink a cutter can follow.
constexpr double least_arc_deg = 12;   // An arc that turns less is nearly flat.
constexpr double facet_ratio = 3;      // Neighbouring facets of one arc differ by less in length.
constexpr std::size_t height_steps = 512;

// One straight piece of a loop.
struct Side {
    Vec2 start;
    Vec2 along;  // Of length one.
    double size = 0;
    bool wall = false;
};

double turn_between(const Vec2& a, const Vec2& b) {
    return std::atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y) / degree;
}

// The loop with collinear segments joined, so that the cuts through a triangulated wall vanish.
std::vector<Side> sides_of(const SliceLoop& loop) {
    std::vector<Side> out;
    const std::size_t count = loop.points.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Vec2& a = loop.points[i];
        const Vec2& b = loop.points[(i + 1) % count];
        const double dx = b.x - a.x;
        const double dy = b.y - a.y;
        const double size = std::hypot(dx, dy);
        if (!(size > 1e-6)) continue;
        const bool wall = std::abs(static_cast<double>(loop.slopes[i])) < wall_slope;
        const Vec2 along{dx / size, dy / size};
        if (!out.empty() && wall == out.back().wall &&
            std::abs(turn_between(out.back().along, along)) < straight_deg) {
            Side& last = out.back();
            const double x = b.x - last.start.x;
            const double y = b.y - last.start.y;
            last.size = std::hypot(x, y);
            last.along = {x / last.size, y / last.size};
            continue;
        }
        out.push_back({a, along, size, wall});
    }
    // The loop's first point may lie within a straight side.
    if (out.size() > 2 && out.front().wall == out.back().wall &&
        std::abs(turn_between(out.back().along, out.front().along)) < straight_deg) {
        out.front().start = out.back().start;
        out.front().size += out.back().size;
        out.pop_back();
    }
    return out;
}

// Heights between the levels at which triangles begin and end, where the section does not change
// for a while: the middles of the widest gaps.
std::vector<double> telling_heights(std::span<const Vec3> points) {
    double low = points.front().z;
    double high = low;
    for (const Vec3& p : points) {
        low = std::min(low, p.z);
        high = std::max(high, p.z);
    }
    if (!(high > low)) return {};
    std::vector<std::uint8_t> taken(height_steps + 1, 0);
    for (const Vec3& p : points) {
        taken[static_cast<std::size_t>((p.z - low) / (high - low) * height_steps)] = 1;
    }
    std::vector<std::pair<std::size_t, double>> gaps;  // Steps, and the height in their middle.
    std::size_t last = 0;
    for (std::size_t i = 1; i < taken.size(); ++i) {
        if (taken[i] == 0 && i + 1 < taken.size()) continue;
        const double middle = (static_cast<double>(last + i) + 1) / 2 / height_steps;
        gaps.emplace_back(i - last, low + std::min(middle, 0.9999) * (high - low));
        last = i;
    }
    std::stable_sort(
        gaps.begin(), gaps.end(), [](const auto& l, const auto& r) { return l.first > r.first; });
    if (gaps.size() > max_corner_slices) gaps.resize(max_corner_slices);
    std::vector<double> out;
    for (const auto& [steps, height] : gaps)
        out.push_back(height);
    std::sort(out.begin(), out.end());
    return out;
}

class LoopWalk {
public:
    LoopWalk(const Frame& frame, double height, std::vector<Side> sides)
        : frame_(frame), height_(height), sides_(std::move(sides)) {}

    void run(std::vector<InnerCorner>& out) {
        const std::size_t count = sides_.size();
        if (count < 3) return;
        // Begin after a corner that ends every arc; a loop without one is a single arc.
        std::size_t first = 0;
        while (first < count && continues(first))
            ++first;
        if (first == count) {
            add_arc(0, count, true, out);
            return;
        }
        for (std::size_t k = 0; k < count;) {
            const std::size_t i = first + k;
            if (!inner(i)) {
                ++k;
                continue;
            }
            if (-turn(i) > sharp_corner_deg) {
                add_corner(i, 0, -turn(i), out);
                ++k;
                continue;
            }
            std::size_t n = 1;
            while (k + n < count && continues(i + n))
                ++n;
            if (n == 1) {
                if (-turn(i) >= lone_turn_deg) add_corner(i, 0, -turn(i), out);
            } else {
                add_arc(i, n, false, out);
            }
            k += n;
        }
    }

private:
    const Side& side(std::size_t i) const { return sides_[i % sides_.size()]; }
    // The turn at the start of side i, positive to the left: inner corners turn right.
    double turn(std::size_t i) const {
        return turn_between(side(i + sides_.size() - 1).along, side(i).along);
    }
    bool inner(std::size_t i) const {
        return turn(i) < 0 && side(i).wall && side(i + sides_.size() - 1).wall;
    }
    // Does the turn at i go on with the arc of the turn before it.
    bool continues(std::size_t i) const {
        const std::size_t before = i + sides_.size() - 1;
        if (!inner(i) || !inner(before)) return false;
        if (-turn(i) > sharp_corner_deg || -turn(before) > sharp_corner_deg) return false;
        // The facet between the two turns; at the ends of an arc a turn is half as large.
        const double tight = std::min(-turn(i), -turn(before));
        const double wide = std::max(-turn(i), -turn(before));
        if (wide > facet_ratio * tight) return false;
        const double facet = side(before).size;
        const double other = std::min(side(before - 1).size, side(i).size);
        const double longer = std::max(side(before - 1).size, side(i).size);
        return facet < facet_ratio * longer || facet < facet_ratio * other;
    }

    // `n` turns, beginning with the one at the start of side i.
    void add_arc(std::size_t i, std::size_t n, bool round, std::vector<InnerCorner>& out) const {
        double size = 0;
        double turned_deg = 0;
        for (std::size_t k = 0; k < n; ++k)
            turned_deg -= turn(i + k);
        const std::size_t facets = round ? n : n - 1;
        for (std::size_t k = 0; k < facets; ++k)
            size += side(i + k).size;
        if (turned_deg < least_arc_deg) return;
        // An arc between tangent walls turns by half a facet at its ends, so the turns add up to
        // what the facets span, as they do around a whole circle. A facet is a chord.
        const double each = turned_deg / static_cast<double>(facets) * degree;
        const double radius = size / static_cast<double>(facets) / (2 * std::sin(each / 2));
        add_corner(i + n / 2, radius, turned_deg, out);
        out.back().wall_before = normal_of(side(i + sides_.size() - 1));
        out.back().wall_after = normal_of(side(i + n - 1));
    }

    void add_corner(std::size_t i,
                    double radius,
                    double turned_deg,
                    std::vector<InnerCorner>& out) const {
        InnerCorner corner;
        const Vec2& at = side(i).start;
        corner.place = frame_.back({at.x, at.y, height_});
        corner.from = frame_.up;
        corner.radius_mm = radius;
        corner.turn_deg = turned_deg;
        corner.wall_before = normal_of(side(i + sides_.size() - 1));
        corner.wall_after = normal_of(side(i));
        const Vec3 between = corner.wall_before + corner.wall_after;
        const double size = length(between);
        corner.away = size > 1e-3 ? (1 / size) * between : corner.wall_after;
        out.push_back(corner);
    }

    // The solid is to the left, so outwards is to the right.
    Vec3 normal_of(const Side& s) const { return frame_.back({s.along.y, -s.along.x, 0}); }

    const Frame& frame_;
    double height_;
    std::vector<Side> sides_;
};

}  // namespace

std::vector<InnerCorner> inner_corners_of(const Mesh& mesh,
                                          const Frame& frame,
                                          std::span<const Vec3> points) {
    std::vector<InnerCorner> out;
    for (const Slice& slice : slices_of(mesh, points, telling_heights(points))) {
        for (const SliceLoop& loop : slice.loops) {
            if (loop.closed) LoopWalk(frame, slice.height, sides_of(loop)).run(out);
        }
    }
    return out;
}

}  // namespace nearfab::geometry
