// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/pocket_width.hpp"

#include "geometry/process/frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace nearfab::geometry {
namespace {

// Shares of the depth: off the floor and the rim, where roundings may be.
constexpr std::array<double, 4> heights{0.08, 0.35, 0.65, 0.92};
// How far the grid's place may be from the middle, and its width from the true one, in cells.
constexpr double place_doubt = 1.5;
constexpr double width_doubt = 4;

struct Segment {
    Vec2 a;
    Vec2 b;
};

Vec2 nearest(const Vec2& p, const Segment& s) {
    const double dx = s.b.x - s.a.x;
    const double dy = s.b.y - s.a.y;
    const double square = dx * dx + dy * dy;
    const double along = (p.x - s.a.x) * dx + (p.y - s.a.y) * dy;
    const double t = square > 0 ? std::clamp(along / square, 0.0, 1.0) : 0;
    return {s.a.x + t * dx, s.a.y + t * dy};
}

double distance(const Vec2& p, const Segment& s) {
    const Vec2 on = nearest(p, s);
    return std::hypot(p.x - on.x, p.y - on.y);
}

// Where the triangle meets the height, if it does at more than a point.
bool cut(const std::array<Vec3, 3>& t, double height, Segment& out) {
    std::array<Vec2, 3> ends{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const Vec3& p = t[i];
        const Vec3& q = t[(i + 1) % 3];
        if ((p.z < height) == (q.z < height)) continue;
        const double share = (height - p.z) / (q.z - p.z);
        ends[count++] = {p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)};
    }
    out = {ends[0], ends[1]};
    return count == 2;
}

class Walls {
public:
    Walls(const Mesh& mesh, const Pocket& pocket, double cell_mm)
        : cell_mm_(cell_mm), reach_mm_(pocket.width_mm + width_doubt * cell_mm) {
        const Frame frame = frame_with_up(pocket.from);
        const Vec3 floor = frame.turned(pocket.place);
        middle_ = {floor.x, floor.y};
        std::array<double, heights.size()> at{};
        for (std::size_t i = 0; i < heights.size(); ++i)
            at[i] = floor.z + heights[i] * pocket.depth_mm;
        const Vec3* const v = mesh.vertices.data();
        for (const auto& [a, b, c] : mesh.triangles) {
            // Small triangles, which are most where there are many, lie between the heights.
            const double za = vec::dot(frame.up, v[a]);
            const double zb = vec::dot(frame.up, v[b]);
            const double zc = vec::dot(frame.up, v[c]);
            const double low = std::min(std::min(za, zb), zc);
            const double high = std::max(std::max(za, zb), zc);
            bool met = false;
            for (const double height : at)
                met = met || (low < height && height <= high);
            if (met) add({frame.turned(v[a]), frame.turned(v[b]), frame.turned(v[c])}, at);
        }
    }

    // None of the heights has walls in reach: 0.
    double narrowest() const {
        double least = std::numeric_limits<double>::infinity();
        for (const auto& walls : walls_) {
            if (!walls.empty()) least = std::min(least, 2 * largest_radius(walls));
        }
        return std::isfinite(least) ? least : 0;
    }

private:
    void add(const std::array<Vec3, 3>& triangle, const std::array<double, heights.size()>& at) {
        for (std::size_t i = 0; i < heights.size(); ++i) {
            Segment segment{};
            if (cut(triangle, at[i], segment) && distance(middle_, segment) < reach_mm_)
                walls_[i].push_back(segment);
        }
    }

    double radius_at(const Vec2& p, const std::vector<Segment>& walls) const {
        double least = reach_mm_;
        for (const Segment& wall : walls)
            least = std::min(least, distance(p, wall));
        return least;
    }

    // Of the largest circle near the place that no wall reaches into: away from the nearest wall,
    // and then from that which is nearest there. Any other way it would run out at an open end.
    double largest_radius(const std::vector<Segment>& walls) const {
        Vec2 at = middle_;
        for (int round = 0; round < 2; ++round)
            at = middle_between(walls, at);
        return radius_at(at, walls);
    }

    Vec2 middle_between(const std::vector<Segment>& walls, const Vec2& from) const {
        const auto closer = [&](const Segment& l, const Segment& r) {
            return distance(from, l) < distance(from, r);
        };
        const Vec2 wall = nearest(from, *std::min_element(walls.begin(), walls.end(), closer));
        const double radius = std::hypot(from.x - wall.x, from.y - wall.y);
        if (!(radius > 0)) return from;
        const Vec2 way{(from.x - wall.x) / radius, (from.y - wall.y) / radius};
        Vec2 at = from;
        double best = radius_at(at, walls);
        for (double step = cell_mm_; step > cell_mm_ / 1024; step /= 2) {
            for (const double by : {-step, step}) {
                const Vec2 next{at.x + by * way.x, at.y + by * way.y};
                if (std::hypot(next.x - middle_.x, next.y - middle_.y) > place_doubt * cell_mm_)
                    continue;
                const double there = radius_at(next, walls);
                if (there <= best) continue;
                at = next;
                best = there;
            }
        }
        return at;
    }

    double cell_mm_;
    double reach_mm_;
    Vec2 middle_;
    std::array<std::vector<Segment>, heights.size()> walls_;
};

}  // namespace

double pocket_width(const Mesh& mesh, const Pocket& pocket, double cell_mm) {
    const double width = Walls(mesh, pocket, cell_mm).narrowest();
    const bool same_walls = std::abs(width - pocket.width_mm) < width_doubt * cell_mm;
    return same_walls ? width : pocket.width_mm;
}

}  // namespace nearfab::geometry
