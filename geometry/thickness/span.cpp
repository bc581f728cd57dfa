// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/span.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfab::geometry {

using namespace maths;

namespace {

constexpr int most_shrinks = 24;
// How many points one search looks at that may be hidden.
constexpr int most_looks = 12;
constexpr int most_crossings = 32;
// Of the largest coordinate. What lies in one plane does so within this, rounded to float32.
constexpr double least_ratio = 1e-6;
// How steeply under p a facing point lies at least, as depth over distance. Others are beside p.
constexpr double least_slope = 1e-3;

// A point this near to where the ray across ends, as a share of the radius, is seen like that.
constexpr double near_ratio = 0.1;
// Between triangles that meet at less than about 4 degrees the blended normal is good enough.
constexpr double coarse_bend = 0.035;
constexpr int most_tilts = 3;
// Of the way to where two sides would meet, when only the ray across tells how they lean.
constexpr double straight_across = 0.6;

double largest_coordinate(const Mesh& mesh) {
    double largest = 0;
    for (const Vec3& p : mesh.vertices)
        largest = std::max({largest, std::abs(p.x), std::abs(p.y), std::abs(p.z)});
    return largest;
}

}  // namespace

// A place with the unit direction that the ball grows in.
struct SpanProbe::Start {
    Vec3 point;
    Vec3 direction;
};

SpanProbe::SpanProbe(const Bvh& bvh,
                     const SmoothNormals& normals,
                     const NormalRanges& ranges,
                     SpanSide side,
                     bool inside_out)
    : bvh_(bvh),
      normals_(normals),
      ranges_(ranges),
      inwards_((side == SpanSide::wall) == inside_out ? 1 : -1),
      wall_(side == SpanSide::wall),
      least_mm_(std::max(1e-9, least_ratio * largest_coordinate(bvh.mesh()))) {}

// A sliver may be turned over by rounding; what it lies in is not.
bool SpanProbe::leaves(const RayHit& hit, const Vec3& direction) const {
    const FlatRegions& regions = normals_.regions();
    if (!regions.sliver(hit.triangle)) return hit.leaving;
    const double product = dot(regions.normal(hit.triangle), direction);
    return product == 0 ? hit.leaving : product > 0;
}

// Where a ray that starts in the surface leaves the material (or the air). Where shells
// overlap, the surfaces inside another shell are passed.
std::optional<RayHit> SpanProbe::way_out(const Vec3& from, const Vec3& direction, double t_max) {
    double t = least_mm_ / length(direction);
    int shells = 1;
    for (int i = 0; i < most_crossings; ++i) {
        const std::optional<RayHit> hit = bvh_.first_hit(from, direction, t, t_max, &steps_);
        if (!hit) return std::nullopt;
        shells += leaves(*hit, direction) == (inwards_ < 0) ? -1 : 1;
        if (shells == 0 || !wall_) return hit;
        t = hit->t + least_mm_ / length(direction);
    }
    return std::nullopt;
}

// Whether an outward normal of any length is 120 degrees or more from that of the start.
bool SpanProbe::opposes(const Start& start, const Vec3& normal) const {
    const double cosine = inwards_ * dot(normal, start.direction);
    return cosine < 0 && cosine * cosine >= facing_cosine * facing_cosine * dot(normal, normal);
}

bool SpanProbe::seen(const Start& start, const Vec3& target) {
    const Vec3 way = minus(target, start.point);
    const double almost = 1 - least_mm_ / length(way);
    return almost <= 0 || !way_out(start.point, way, almost);
}

// The facing point deepest inside the ball. `across` is where the ray across ends.
std::optional<NearestPoint> SpanProbe::deepest(
    const Start& start, double radius, const Vec3& across, const SpanCare& care, bool* hasty) {
    const Vec3 middle = along(start.point, radius, start.direction);
    const double within = radius * (1 - care.depth_ratio);
    const Vec3& d = start.direction;
    const Vec3 outwards = times(inwards_, d);
    // Whether any triangle below a node may face this way.
    const auto enter = [&](std::uint32_t node) {
        return ranges_.least_product(node, outwards) <= facing_cosine;
    };
    const Mesh& mesh = bvh_.mesh();
    const auto facing = [&](std::uint32_t triangle, double farthest) -> std::optional<Vec3> {
        const auto& [a, b, c] = mesh.triangles.data()[triangle];
        const Vec3* const v = mesh.vertices.data();
        const Vec3 normal = cross(minus(v[b], v[a]), minus(v[c], v[a]));
        if (!opposes(start, normal) || normals_.regions().sliver(triangle)) return std::nullopt;
        // Its plane is not farther away than the triangle.
        const double off = dot(normal, minus(middle, v[a]));
        if (off * off >= farthest * farthest * dot(normal, normal)) return std::nullopt;
        const Vec3 on = nearest_on_triangle(middle, v[a], v[b], v[c]);
        const Vec3 way = minus(on, start.point);
        const bool below = dot(way, d) > least_slope * length(way);
        if (!below || !(distance(on, middle) < farthest)) return std::nullopt;
        return on;
    };
    std::optional<NearestPoint> found =
        bvh_.nearest_where(middle, within, enter, facing, care.patience, hasty, &steps_);
    if (!found || distance(found->point, across) < near_ratio * radius ||
        seen(start, found->point)) {
        return found;
    }
    int looks = most_looks;
    // Something stands between: look again, and now at what stands between each.
    const auto facing_and_seen = [&](std::uint32_t triangle,
                                     double farthest) -> std::optional<Vec3> {
        if (looks == 0) return std::nullopt;
        const std::optional<Vec3> on = facing(triangle, farthest);
        if (!on) return std::nullopt;
        if (--looks == 0) *hasty = true;
        return seen(start, *on) ? on : std::nullopt;
    };
    return bvh_.nearest_where(
        middle, within, enter, facing_and_seen, care.patience, hasty, &steps_);
}

// The largest ball in a direction.
std::optional<Span> SpanProbe::towards(const Start& start,
                                       std::uint32_t triangle,
                                       const SpanCare& care) {
    const std::optional<RayHit> across = way_out(start.point, start.direction, Bvh::infinity);
    if (!across) return std::nullopt;
    double radius = across->t / 2;
    const Vec3 opposite = along(start.point, across->t, start.direction);
    Span span{0, start.point, opposite, {}, triangle, true, across->triangle};
    bool limited = opposes(start, normals_.regions().normal(across->triangle));
    for (int i = 0; i < most_shrinks; ++i) {
        bool hasty = false;
        const std::optional<NearestPoint> found = deepest(start, radius, opposite, care, &hasty);
        span.exact = !hasty;
        if (!found) break;
        const Vec3 way = minus(found->point, start.point);
        // The ball through p and q in the direction d of p: |q - p|^2 / (2 d (q - p)).
        radius = std::min(radius, dot(way, way) / (2 * dot(way, start.direction)));
        span.opposite = found->point;
        span.across.reset();
        limited = true;
    }
    if (!limited) return std::nullopt;
    span.width_mm = 2 * radius;
    span.middle = along(start.point, radius, start.direction);
    return span;
}

std::optional<Span> SpanProbe::at(std::uint32_t triangle, const Vec3& point, const SpanCare& care) {
    const std::uint32_t region = normals_.regions().of(triangle);
    if (last_ != region) {
        facet_ = normals_.facet(region);
        last_ = region;
    }
    const Vec3 normal = normals_.at(region, facet_, point);
    if (normal == Vec3{}) return std::nullopt;
    Start start{point, times(inwards_, normal)};
    std::optional<Span> span = towards(start, triangle, care);
    double tilt = facet_.bend / 2;
    for (int i = 0; span && facet_.bend > coarse_bend && i < most_tilts; ++i, tilt /= 2) {
        // Away from where the ball touches, by no more than the triangles leave open.
        const Vec3 way = minus(span->opposite, point);
        const Vec3 beside = along(way, -dot(way, start.direction), start.direction);
        const double off = length(beside);
        if (off < tilt / 4 * span->width_mm) break;
        const Vec3 tilted = along(start.direction, -tilt / off, beside);
        const Start other{point, times(1 / length(tilted), tilted)};
        const std::optional<Span> wider = towards(other, triangle, care);
        if (!wider || wider->width_mm <= span->width_mm) continue;
        span = wider;
        start = other;
    }
    return span;
}

// Away from the middle of a ball to where it touches, or would: of length 1 each.
Vec3 SpanProbe::lean_at_opposite(const Span& span) const {
    if (!span.across) {
        return times(2 / span.width_mm, minus(span.opposite, span.middle));
    }
    // Where sides meet at less than about 16 degrees the ball round the ray across is good enough
    // to measure, and says nothing of how they lean.
    const std::uint32_t region = normals_.regions().of(*span.across);
    return times(-inwards_, normals_.at(region, normals_.facet(region), span.opposite));
}

bool SpanProbe::runs_out(const Span& span, double within_mm, double straight) {
    const double radius = span.width_mm / 2;
    if (!(radius > 0)) return false;
    const Vec3 here = times(1 / radius, minus(span.point, span.middle));
    const Vec3 way = times(0.5, plus(here, lean_at_opposite(span)));
    // Between planes at an angle a its length is sin(a / 2), and the planes meet r / tan(a / 2)
    // off.
    const double sine = length(way);
    const double cosine = std::sqrt(std::max(0.0, 1 - sine * sine));
    if (!(sine > 0) || radius * cosine > within_mm * sine) return false;
    const Vec3 between = times(0.5, plus(span.point, span.opposite));
    const std::optional<RayHit> end = way_out(between, times(1 / sine, way), within_mm);
    // From the middle of the ball the planes meet r / sin(a / 2) off.
    const double least = span.across ? std::max(straight, straight_across) : straight;
    return end && (radius * sine + end->t) * sine >= least * radius;
}

}  // namespace nearfab::geometry
