// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/flat_regions.hpp"

#include "geometry/facts/edge_sides.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace nearfab::geometry {
namespace {

using namespace maths;

// How far rounding to float32 puts a corner off the plane of its neighbour, as a share of the
// largest coordinate: each of four corners by up to 1e-7, of which some cancels.
constexpr double flat_ratio = 3e-7;
// By how much more for triangles that do not touch.
constexpr double far_lever = 4;
// How far the directions of what is joined may be apart but for rounding (0.2 degrees). Else a
// round surface of very small triangles would be one plane.
constexpr double flat_angle = 0.003;
// Its cosine, but for 1e-12.
constexpr double flat_cosine = 1 - flat_angle * flat_angle / 2;
// A side of a sliver is short below this share of the longest; one of them at most is.
constexpr double long_ratio = 0.49;

double largest_coordinate(const Mesh& mesh) {
    double largest = 0;
    for (const Vec3& p : mesh.vertices)
        largest = std::max({largest, std::abs(p.x), std::abs(p.y), std::abs(p.z)});
    return largest;
}

double longest_squared(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles.data()[triangle];
    const Vec3* const v = mesh.vertices.data();
    const Vec3 ab = minus(v[b], v[a]);
    const Vec3 ac = minus(v[c], v[a]);
    const Vec3 bc = minus(v[c], v[b]);
    return std::max({dot(ab, ab), dot(ac, ac), dot(bc, bc)});
}

// Whether the angle between two vectors of any length is smaller than that of the cosine.
bool within(const Vec3& one, const Vec3& other, double cosine) {
    const double product = dot(one, other);
    return product > 0 && product * product > cosine * cosine * dot(one, one) * dot(other, other);
}

}  // namespace

FlatRegions::FlatRegions(const Mesh& mesh, double sharp_below_deg)
    : mesh_(mesh),
      largest_(largest_coordinate(mesh)),
      region_(mesh.triangles.size()),
      sliver_(mesh.triangles.size()),
      several_(mesh.triangles.size()) {
    std::iota(region_.begin(), region_.end(), 0U);
    mark_slivers();
    const std::vector<Edge> edges = join_flat(sharp_below_deg);
    join_slivers(edges);
    settle();
    find_sharp(edges, sharp_below_deg);
}

void FlatRegions::mark_slivers() {
    const auto count = static_cast<std::uint32_t>(mesh_.triangles.size());
    const Vec3* const v = mesh_.vertices.data();
    const auto mark = [&](double least_height) {
        const double least = least_height * least_height;
        std::uint32_t found = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto& [a, b, c] = mesh_.triangles.data()[i];
            const Vec3 ab = minus(v[b], v[a]);
            const Vec3 ac = minus(v[c], v[a]);
            const Vec3 normal = cross(ab, ac);
            const double size = dot(normal, normal);
            // No side is longer than the other two together, so most need no closer look.
            const bool high = size > least * 2 * (dot(ab, ab) + dot(ac, ac));
            const bool sliver = !high && !(size > least * longest_squared(mesh_, i));
            found += sliver ? 1U : 0U;
            if (sliver != sliver_[i]) sliver_[i] = sliver;
        }
        return found == count;
    };
    if (mark(sliver_ratio * largest_)) mark(0);
}

std::uint32_t FlatRegions::root(std::uint32_t triangle) {
    std::uint32_t* const region = region_.data();
    while (region[triangle] != triangle) {
        region[triangle] = region[region[triangle]];
        triangle = region[triangle];
    }
    return triangle;
}

// Whether two triangles look the same way, as well as rounding lets them.
bool FlatRegions::look_alike(std::uint32_t one, std::uint32_t other) const {
    const auto turned = [this](std::uint32_t triangle, const Vec3& normal) {
        const double height = length(normal) / std::sqrt(longest_squared(mesh_, triangle));
        return flat_ratio * largest_ / height;
    };
    const Vec3 n = own_normal(one);
    const Vec3 m = own_normal(other);
    if (within(n, m, flat_cosine)) return true;
    const double angle = flat_angle + turned(one, n) + turned(other, m);
    return within(n, m, std::max(0.0, 1 - angle * angle / 2));
}

// Whether two triangles that do not touch lie in one plane.
bool FlatRegions::in_one_plane(std::uint32_t one, std::uint32_t other) const {
    if (!look_alike(one, other)) return false;
    const Vec3 n = own_normal(one);
    const Vec3 m = own_normal(other);
    const bool first = dot(n, n) >= dot(m, m);
    const Vec3& normal = first ? n : m;
    const Vec3& from = mesh_.vertices[mesh_.triangles[first ? one : other][0]];
    const double off = far_lever * flat_ratio * largest_;
    const auto& corners = mesh_.triangles[first ? other : one];
    return std::all_of(corners.begin(), corners.end(), [&](std::uint32_t corner) {
        const double volume = dot(normal, minus(mesh_.vertices[corner], from));
        return volume * volume <= off * off * dot(normal, normal);
    });
}

// Under the larger of the two, a sliver under one that is none. REQUIRES: two roots.
void FlatRegions::join(std::uint32_t one, std::uint32_t other) {
    const Vec3 n = own_normal(one);
    const Vec3 m = own_normal(other);
    const bool first = sliver_[one] == sliver_[other] ? dot(n, n) >= dot(m, m) : sliver_[other];
    region_[first ? other : one] = first ? one : other;
    several_[first ? one : other] = true;
}

std::vector<FlatRegions::Edge> FlatRegions::join_flat(double sharp_below_deg) {
    std::vector<Edge> kept;
    const double sharp = -std::cos(sharp_below_deg * std::numbers::pi / 180);
    const double off = flat_ratio * largest_;
    const Vec3* const v = mesh_.vertices.data();
    EdgeSides(mesh_).each_edge([&](std::uint32_t low, std::span<const EdgeSide> sides) {
        if (sides.size() != 2 || sides[0].downwards() == sides[1].downwards()) return;
        const std::uint32_t t = sides[0].triangle();
        const std::uint32_t u = sides[1].triangle();
        const bool of_sliver = sliver_[t] || sliver_[u];
        const Vec3 n = own_normal(t);
        const Vec3 m = own_normal(u);
        const double product = dot(n, m);
        const double nn = dot(n, n);
        const double mm = dot(m, m);
        // The normals are 180 degrees less the enclosed angle apart.
        // Most neighbours look about the same way, and need no root.
        const bool may_be_sharp = product < 0 || sharp > 0;
        if (of_sliver || (may_be_sharp && product < sharp * std::sqrt(nn * mm))) {
            const bool down = sides[0].downwards();
            kept.push_back({low, sides[0].high, down ? u : t, down ? t : u, of_sliver});
            return;
        }
        if (product <= 0) return;
        // Six times the volume of the tetrahedron; over twice an area, the height on that side.
        const double volume = dot(n, minus(v[sides[1].apex(mesh_)], v[low]));
        if (volume * volume > off * off * std::max(nn, mm)) return;
        const std::uint32_t one = root(t);
        const std::uint32_t other = root(u);
        if (one != other && look_alike(one, other)) join(one, other);
    });
    return kept;
}

// Over the longest sides first, so that what ends up between two planes ends at a short one; and
// over the short sides of a sliver only where no other way is left.
void FlatRegions::join_slivers(const std::vector<Edge>& edges) {
    const auto short_in = [this](std::uint32_t triangle, double side_squared) {
        return side_squared < long_ratio * long_ratio * longest_squared(mesh_, triangle);
    };
    struct Side {
        double length_squared;
        std::uint32_t edge;
    };
    std::vector<Side> sides;
    for (std::uint32_t i = 0; i < edges.size(); ++i) {
        const Vec3 way = minus(mesh_.vertices[edges[i].high], mesh_.vertices[edges[i].low]);
        if (edges[i].of_sliver) sides.push_back({dot(way, way), i});
    }
    std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
        return a.length_squared != b.length_squared ? a.length_squared > b.length_squared
                                                    : a.edge < b.edge;
    });
    for (const bool by_any : {false, true}) {
        for (const Side& side : sides) {
            const auto& [low, high, t, u, of_sliver] = edges[side.edge];
            const std::uint32_t one = root(t);
            const std::uint32_t other = root(u);
            if (one == other || !(sliver_[one] || sliver_[other])) continue;
            const bool may = by_any || (sliver_[one] && !short_in(t, side.length_squared)) ||
                             (sliver_[other] && !short_in(u, side.length_squared));
            if (may) join(one, other);
        }
    }
    for (const Side& side : sides) {
        const std::uint32_t one = root(edges[side.edge].upwards);
        const std::uint32_t other = root(edges[side.edge].downwards);
        if (one != other && in_one_plane(one, other)) join(one, other);
    }
}

// Each triangle under its region itself, without those that have come too far from its direction.
void FlatRegions::settle() {
    const auto count = static_cast<std::uint32_t>(region_.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        if (region_[i] != i) region_[i] = root(i);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t region = region_[i];
        if (region == i || sliver_[i]) continue;
        if (!look_alike(i, region)) region_[i] = i;
    }
}

void FlatRegions::find_sharp(const std::vector<Edge>& edges, double below_deg) {
    const double limit = -std::cos(below_deg * std::numbers::pi / 180);
    for (const Edge& edge : edges) {
        if (region_[edge.upwards] == region_[edge.downwards]) continue;
        const Vec3 one = normal(edge.upwards);
        const Vec3 other = normal(edge.downwards);
        const double product = std::sqrt(dot(one, one) * dot(other, other));
        if (!(product > 0) || dot(one, other) >= limit * product) continue;
        const double cosine = std::clamp(dot(one, other) / product, -1.0, 1.0);
        const Vec3 way = minus(mesh_.vertices[edge.high], mesh_.vertices[edge.low]);
        const bool groove = dot(cross(one, other), way) < 0;
        const double angle = 180 - std::acos(cosine) * 180 / std::numbers::pi;
        sharp_edges_.push_back({edge.low, edge.high, angle, groove});
    }
}

}  // namespace nearfab::geometry
