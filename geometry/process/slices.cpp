// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/slices.hpp"

#include "base/check.hpp"
#include "geometry/process/frame.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

struct Segment {
    std::uint64_t from = 0;  // The edges it runs between, named by their two vertices.
    std::uint64_t to = 0;
    Vec2 start;
    float slope = 0;
};

std::uint64_t edge_name(std::uint32_t a, std::uint32_t b) {
    if (a > b) std::swap(a, b);
    return (static_cast<std::uint64_t>(a) << 32U) | b;
}

// Where an edge meets the plane; the lower vertex first, so both its triangles get one answer.
Vec2 crossing(std::span<const Vec3> points, std::uint32_t a, std::uint32_t b, double height) {
    if (points[a].z > points[b].z) std::swap(a, b);
    const Vec3& p = points[a];
    const Vec3& q = points[b];
    const double share = (height - p.z) / (q.z - p.z);
    return {p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)};
}

// A triangle runs around its outward side, so along the solid's border the cut goes from the edge
// that comes down through the plane to the one that rises through it.
Segment cut(const std::array<std::uint32_t, 3>& t, std::span<const Vec3> points, double height) {
    Segment out;
    for (unsigned i = 0; i < 3; ++i) {
        const std::uint32_t a = t[i];
        const std::uint32_t b = t[(i + 1) % 3];
        const bool a_above = points[a].z >= height;
        const bool b_above = points[b].z >= height;
        if (a_above && !b_above) {
            out.from = edge_name(a, b);
            out.start = crossing(points, a, b, height);
        } else if (!a_above && b_above) {
            out.to = edge_name(a, b);
        }
    }
    return out;
}

// The planes with lowest < height <= highest.
std::pair<std::size_t, std::size_t> planes_through(const std::array<std::uint32_t, 3>& t,
                                                   std::span<const Vec3> points,
                                                   const std::vector<double>& heights) {
    const double lowest = std::min({points[t[0]].z, points[t[1]].z, points[t[2]].z});
    const double highest = std::max({points[t[0]].z, points[t[1]].z, points[t[2]].z});
    const auto first = std::upper_bound(heights.begin(), heights.end(), lowest);
    const auto last = std::upper_bound(first, heights.end(), highest);
    return {static_cast<std::size_t>(first - heights.begin()),
            static_cast<std::size_t>(last - heights.begin())};
}

void thin_out(const Mesh& mesh, std::span<const Vec3> points, std::vector<double>& heights) {
    for (;;) {
        std::size_t segments = 0;
        for (const auto& t : mesh.triangles) {
            const auto [first, last] = planes_through(t, points, heights);
            segments += last - first;
        }
        if (segments <= max_slice_segments || heights.size() <= 1) return;
        std::vector<double> fewer;
        for (std::size_t i = 1; i < heights.size(); i += 2)
            fewer.push_back(heights[i]);
        heights = std::move(fewer);
    }
}

std::vector<SliceLoop> link(const std::vector<Segment>& segments) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_start;
    by_start.reserve(segments.size());
    for (std::uint32_t i = 0; i < segments.size(); ++i)
        by_start.emplace_back(segments[i].from, i);
    std::sort(by_start.begin(), by_start.end());
    std::vector<std::uint8_t> used(segments.size(), 0);
    const auto next_of = [&](std::uint32_t i) {
        auto at = std::lower_bound(
            by_start.begin(), by_start.end(), std::pair{segments[i].to, std::uint32_t{0}});
        while (at != by_start.end() && at->first == segments[i].to && used[at->second] != 0)
            ++at;
        return at != by_start.end() && at->first == segments[i].to ? at->second : none;
    };
    std::vector<SliceLoop> loops;
    for (std::uint32_t first = 0; first < segments.size(); ++first) {
        if (used[first] != 0) continue;
        SliceLoop loop;
        std::uint32_t last = first;
        for (std::uint32_t i = first; i != none; i = next_of(i)) {
            used[i] = 1;
            loop.points.push_back(segments[i].start);
            loop.slopes.push_back(segments[i].slope);
            last = i;
        }
        loop.closed = segments[last].to == segments[first].from;
        loops.push_back(std::move(loop));
    }
    return loops;
}

}  // namespace

std::vector<Slice> slices_of(const Mesh& mesh,
                             std::span<const Vec3> points,
                             std::vector<double> heights) {
    NEARFAB_CHECK(points.size() == mesh.vertices.size(), "one point for each vertex");
    thin_out(mesh, points, heights);
    std::vector<std::vector<Segment>> segments(heights.size());
    for (const auto& t : mesh.triangles) {
        const auto [first, last] = planes_through(t, points, heights);
        if (first == last) continue;
        const Vec3 n = area_vector(points[t[0]], points[t[1]], points[t[2]]);
        const double size = length(n);
        const auto slope = static_cast<float>(size > 0 ? n.z / size : 0);
        for (std::size_t i = first; i < last; ++i) {
            segments[i].push_back(cut(t, points, heights[i]));
            segments[i].back().slope = slope;
        }
    }
    std::vector<Slice> out;
    for (std::size_t i = 0; i < heights.size(); ++i)
        out.push_back({heights[i], link(segments[i])});
    return out;
}

double signed_area(const std::vector<Vec2>& loop) {
    double twice = 0;
    for (std::size_t i = 0; i < loop.size(); ++i) {
        const Vec2& a = loop[i];
        const Vec2& b = loop[(i + 1) % loop.size()];
        twice += a.x * b.y - a.y * b.x;
    }
    return twice / 2;
}

}  // namespace nearfab::geometry
