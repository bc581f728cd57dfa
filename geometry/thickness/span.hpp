// SPDX-License-Identifier: GPL-3.0-or-later
// span.hpp - how thick a part, or how wide its surroundings, are at one place of the surface.
//
// The span at a place p is the diameter of the largest ball that touches the surface in p and has
// no facing surface inside it. It lies in the part (a wall) or outside it (a gap). A surface faces
// p when its outward normal and that of p are at least 120 degrees apart and when it can be seen
// from p through nothing but material (nothing but air for a gap).
//
// For two parallel planes, for concentric spheres and coaxial cylinders this is their distance;
// for a solid ball or rod its diameter; between two planes at an angle a < 60 degrees, at the
// distance d from their common line, it is 2 d tan(a / 2). A ray across the wall, which is what
// most programs measure, is d tan(a) there and too long wherever the opposite wall is slanted.
// Without the rule about facing surfaces the ball would shrink to nothing beside every edge that
// stands out, those between the flat triangles of a round surface among them.
//
// The ball is found as in Ma, Bae, Choi, "3D medial axis point approximation using nearest
// neighbors and the normal field" (The Visual Computer 28, 2012): it begins with the ray across
// and shrinks to the facing point that is deepest inside it, until none is deeper than a share of
// the radius (SpanCare). A span is therefore never too small but for rounding; it is too large by
// half that share where the ball meets a surface, by up to the whole where it meets an edge. Only
// next to an edge, nearer than the wall is thick, a ball that begins along the wall may find
// nothing that deep and stay too large.
//
// The direction of the ball is the blended normal (smooth_normals.hpp). Where the triangles are
// coarse it is also tilted, within what they leave open, to where the ball becomes largest.

#pragma once

#include "geometry/search/bvh.hpp"
#include "geometry/thickness/normal_ranges.hpp"
#include "geometry/thickness/smooth_normals.hpp"

#include <cstdint>
#include <optional>

namespace nearfab::geometry {

enum class SpanSide : std::uint8_t { wall = 1, gap = 2 };

struct Span {
    double width_mm = 0;
    Vec3 point;              // On the surface.
    Vec3 opposite;           // Where the ball touches the facing surface.
    Vec3 middle;             // Of the ball.
    std::uint32_t triangle;  // Of the point.
    // False when too much surface lies about equally far from the middle of the ball, as in a solid
    // sphere, so that points a tenth of the radius inside may have been missed.
    bool exact = true;
    // The triangle that the ray across ends on, when nothing is deep enough in the ball round that
    // ray to be touched; the opposite point is then the end of the ray. Nothing when it is touched.
    std::optional<std::uint32_t> across = {};
};

// How exactly a ball is shrunk.
struct SpanCare {
    double depth_ratio = 0.02;     // Of the radius: no facing point may be deeper inside.
    std::uint64_t patience = 150;  // Steps of one search, see Bvh::nearest_where.
};
inline constexpr SpanCare quick_care{};
inline constexpr SpanCare great_care{0.001, 2'000};

class SpanProbe {
public:
    static constexpr double facing_cosine = -0.501;  // 120 degrees; an edge of 60 degrees has none.

    // `inside_out`: the normals of the mesh look inwards. Tree, normals and ranges, which are of
    // the same mesh, outlive the probe.
    SpanProbe(const Bvh& bvh,
              const SmoothNormals& normals,
              const NormalRanges& ranges,
              SpanSide side,
              bool inside_out);

    // The span at a point of a triangle. None when the triangle has no area, when the ray across
    // meets nothing, or when there is no facing surface in reach.
    [[nodiscard]] std::optional<Span> at(std::uint32_t triangle,
                                         const Vec3& point,
                                         const SpanCare& care);

    // Whether the material (or the air) ends within this distance of the span because its two sides
    // run together there: the span lies beside a knife edge, a tip or the root of a groove, sharp
    // or rounded, or the tip of a cone, and the distance to where the sides would meet is less than
    // this as well. The end
    // is no nearer than the share `straight` of the way to where they would meet: 0.6 leaves out
    // what only curves round, as a thin rod does, whose ball may touch anywhere.
    [[nodiscard]] bool runs_out(const Span& span, double within_mm, double straight = 0);

    // Boxes and triangles looked at since the probe was made.
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

private:
    struct Start;
    std::optional<Span> towards(const Start& start, std::uint32_t triangle, const SpanCare& care);
    std::optional<RayHit> way_out(const Vec3& from, const Vec3& direction, double t_max);
    bool leaves(const RayHit& hit, const Vec3& direction) const;
    bool opposes(const Start& start, const Vec3& normal) const;
    bool seen(const Start& start, const Vec3& target);
    Vec3 lean_at_opposite(const Span& span) const;
    std::optional<NearestPoint> deepest(
        const Start& start, double radius, const Vec3& across, const SpanCare& care, bool* hasty);

    const Bvh& bvh_;
    const SmoothNormals& normals_;
    const NormalRanges& ranges_;
    double inwards_;  // From the triangle's normal to the side searched: -1, or 1.
    bool wall_;
    double least_mm_;  // Hits nearer than this are the place itself.
    std::uint64_t steps_ = 0;
    // Samples mostly come facet by facet.
    std::optional<std::uint32_t> last_;  // A region.
    SmoothNormals::Facet facet_;
};

}  // namespace nearfab::geometry
