// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/oriented_box.hpp"

#include "geometry/detail/hull.hpp"
#include "geometry/process/frame.hpp"
#include "geometry/process/part_hull.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr std::size_t most_sides = 250;    // Of the hull, the largest first.
constexpr std::size_t most_corners = 400;  // Of the hull, while searching.
constexpr std::size_t turns = 400;  // Tried all over, for boxes that are flush with edges only.
constexpr std::size_t starts = 8;   // Boxes that are turned further.
constexpr double first_step_deg = 8;
constexpr double last_step_deg = 0.02;

struct Candidate {
    Frame frame;
    double volume = std::numeric_limits<double>::max();
};

struct Extent {
    Vec3 low{1e300, 1e300, 1e300};
    Vec3 high{-1e300, -1e300, -1e300};
    Vec3 size() const { return high - low; }
};

Extent extent_in(const Frame& frame, std::span<const Vec3> points) {
    Extent e;
    for (const Vec3& p : points) {
        const Vec3 q = frame.turned(p);
        e.low = {std::min(e.low.x, q.x), std::min(e.low.y, q.y), std::min(e.low.z, q.z)};
        e.high = {std::max(e.high.x, q.x), std::max(e.high.y, q.y), std::max(e.high.z, q.z)};
    }
    return e;
}

double volume_in(const Frame& frame, std::span<const Vec3> points) {
    const Vec3 s = extent_in(frame, points).size();
    return s.x * s.y * s.z;
}

Frame turned_about(const Frame& f, const Vec3& axis, double degrees) {
    const double a = degrees * std::numbers::pi / 180;
    const auto turn = [&](const Vec3& v) {
        return std::cos(a) * v + std::sin(a) * cross(axis, v) +
               ((1 - std::cos(a)) * dot(axis, v)) * axis;
    };
    return {turn(f.right), turn(f.ahead), turn(f.up)};
}

// The turn about `up` whose rectangle around the points is smallest: flush with an edge of the
// hull of the points' shadow.
Candidate flush_with(const Vec3& up, std::span<const Vec3> points) {
    const Frame frame = frame_with_up(up);
    std::vector<Vec2> shadow;
    shadow.reserve(points.size());
    for (const Vec3& p : points) {
        const Vec3 q = frame.turned(p);
        shadow.push_back({q.x, q.y});
    }
    const std::vector<Vec2> hull = detail::convex_hull(shadow);
    Candidate best;
    double area = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < hull.size(); ++i) {
        const Vec2& a = hull[i];
        const Vec2& b = hull[(i + 1) % hull.size()];
        const double size = std::hypot(b.x - a.x, b.y - a.y);
        if (!(size > 0)) continue;
        const double c = (b.x - a.x) / size;
        const double s = (b.y - a.y) / size;
        double u0 = 1e300;
        double u1 = -1e300;
        double v1 = -1e300;
        for (const Vec2& p : hull) {
            const double u = c * p.x + s * p.y;
            u0 = std::min(u0, u);
            u1 = std::max(u1, u);
            v1 = std::max(v1, -s * (p.x - a.x) + c * (p.y - a.y));
        }
        if ((u1 - u0) * v1 >= area) continue;
        area = (u1 - u0) * v1;
        best.frame.right = c * frame.right + s * frame.ahead;
        best.frame.ahead = -s * frame.right + c * frame.ahead;
        best.frame.up = frame.up;
    }
    best.volume = hull.size() < 2 ? best.volume : volume_in(best.frame, points);
    return best;
}

// Turns about its own axes by a shrinking step for as long as the box gets smaller.
void shrink(Candidate& c, std::span<const Vec3> points) {
    for (double step = first_step_deg; step > last_step_deg; step /= 2) {
        bool better = true;
        for (int round = 0; round < 8 && better; ++round) {
            better = false;
            for (const Vec3& axis : {c.frame.right, c.frame.ahead, c.frame.up}) {
                for (const double sign : {1.0, -1.0}) {
                    const Frame tried = turned_about(c.frame, axis, sign * step);
                    const double volume = volume_in(tried, points);
                    if (volume >= c.volume) continue;
                    c = {tried, volume};
                    better = true;
                }
            }
        }
    }
}

// Fewer corners for the search: those furthest out in directions spread over the sphere.
std::vector<Vec3> outermost(std::span<const Vec3> corners) {
    if (corners.size() <= most_corners) return {corners.begin(), corners.end()};
    std::vector<std::uint8_t> taken(corners.size(), 0);
    const double golden = std::numbers::pi * (3 - std::sqrt(5.0));
    for (std::size_t k = 0; k < most_corners; ++k) {
        const double z = 1 - (2 * static_cast<double>(k) + 1) / most_corners;
        const double r = std::sqrt(1 - z * z);
        const double turn = golden * static_cast<double>(k);
        const Vec3 d{r * std::cos(turn), r * std::sin(turn), z};
        std::size_t best = 0;
        for (std::size_t i = 1; i < corners.size(); ++i) {
            if (dot(d, corners[i]) > dot(d, corners[best])) best = i;
        }
        taken[best] = 1;
    }
    std::vector<Vec3> out;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        if (taken[i] != 0) out.push_back(corners[i]);
    }
    return out;
}

// Turns spread evenly over all turns: uniform quaternions (Shoemake, "Uniform Random Rotations",
// Graphics Gems III, 1992) from the R3 sequence (Roberts 2018) instead of from chance.
Frame turn_number(std::size_t k) {
    const auto part = [k](double step) {
        return std::fmod(0.5 + static_cast<double>(k) * step, 1);
    };
    const double u = part(0.8191725133961645);
    const double a = 2 * std::numbers::pi * part(0.6710436067037893);
    const double b = 2 * std::numbers::pi * part(0.5497004779019703);
    const double w = std::sqrt(1 - u) * std::sin(a);
    const double x = std::sqrt(1 - u) * std::cos(a);
    const double y = std::sqrt(u) * std::sin(b);
    const double z = std::sqrt(u) * std::cos(b);
    return {{1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)},
            {2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)},
            {2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)}};
}

// Adds the smallest boxes, each turned otherwise than those before it.
void keep_best(std::vector<Candidate> from, std::size_t count, std::vector<Candidate>& out) {
    std::stable_sort(from.begin(), from.end(), [](const Candidate& l, const Candidate& r) {
        return l.volume < r.volume;
    });
    const double close = std::cos(5 * std::numbers::pi / 180);
    const std::size_t most = out.size() + count;
    for (const Candidate& c : from) {
        const bool known = std::any_of(out.begin(), out.end(), [&](const Candidate& o) {
            return std::abs(dot(o.frame.up, c.frame.up)) > close &&
                   std::abs(dot(o.frame.right, c.frame.right)) > close;
        });
        if (!known && out.size() < most) out.push_back(c);
    }
}

std::vector<Candidate> best_starts(const Mesh& hull, std::span<const Vec3> points) {
    std::vector<Vec3> sides{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}};
    for (const HullSide& side : sides_of(hull)) {
        if (sides.size() < most_sides) sides.push_back(side.normal);
    }
    std::vector<Candidate> all;
    for (const Vec3& side : sides)
        all.push_back(flush_with(side, points));
    std::vector<Candidate> out;
    keep_best(std::move(all), starts, out);
    std::vector<Candidate> anyhow;
    for (std::size_t k = 0; k < turns; ++k) {
        const Frame frame = turn_number(k);
        anyhow.push_back({frame, volume_in(frame, points)});
    }
    keep_best(std::move(anyhow), 2 * starts, out);
    return out;
}

// Of a flat part: the smallest rectangle in its plane.
Frame frame_of_flat(std::span<const Vec3> points) {
    Vec3 normal{0, 0, 1};
    double most = 0;
    const Vec3& a = points.front();
    Vec3 b = a;
    for (const Vec3& p : points)
        b = length(p - a) > length(b - a) ? p : b;
    for (const Vec3& p : points) {
        const Vec3 n = cross(b - a, p - a);
        if (length(n) > most) {
            most = length(n);
            normal = n;
        }
    }
    if (!(most > 0)) normal = length(b - a) > 0 ? frame_with_up(b - a).right : normal;
    const Candidate c = flush_with((1 / length(normal)) * normal, points);
    return length(c.frame.up) > 0 ? c.frame : frame_with_up(normal);
}

OrientedBox box_in(const Frame& frame, std::span<const Vec3> points) {
    const Extent e = extent_in(frame, points);
    const Vec3 size = e.size();
    std::array<std::pair<double, Vec3>, 3> sides{
        {{size.x, frame.right}, {size.y, frame.ahead}, {size.z, frame.up}}};
    std::stable_sort(
        sides.begin(), sides.end(), [](const auto& l, const auto& r) { return l.first > r.first; });
    OrientedBox out;
    out.centre = frame.back(0.5 * (e.low + e.high));
    out.size_mm = {sides[0].first, sides[1].first, sides[2].first};
    out.axes = {sides[0].second, sides[1].second, cross(sides[0].second, sides[1].second)};
    return out;
}

}  // namespace

OrientedBox oriented_box_of(const Mesh& mesh) {
    const Mesh hull = hull_of_part(mesh);
    if (hull.vertices.empty()) return box_in(frame_of_flat(mesh.vertices), mesh.vertices);
    const std::vector<Vec3> points = outermost(hull.vertices);
    Candidate best;
    for (Candidate& c : best_starts(hull, points)) {
        shrink(c, points);
        // What decides is every vertex, not those that were searched with.
        c.volume = volume_in(c.frame, mesh.vertices);
        if (c.volume < best.volume) best = c;
    }
    return box_in(best.frame, mesh.vertices);
}

}  // namespace nearfab::geometry
