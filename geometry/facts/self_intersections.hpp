// SPDX-License-Identifier: GPL-3.0-or-later
// self_intersections.hpp - where the surface of a part runs through or touches itself.
//
// Two triangles intersect when they have a point in common that is not on a corner or edge that
// both share by their vertices (triangle_pair.hpp; decided without rounding). Collinear triangles
// are left out: they are counted as degenerate.

#pragma once

#include "geometry/search/bvh.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

struct IntersectionLimits {
    std::uint64_t pairs = 100'000;           // The search stops after so many.
    std::uint64_t candidates = 200'000'000;  // And after so many pairs of boxes.
    std::uint32_t places = 32;
    std::uint32_t shell_pairs = 10'000;
};

struct IntersectingPair {
    std::uint32_t one = 0;  // Triangles, the lower number first.
    std::uint32_t other = 0;
    Vec3 at;
};

struct SelfIntersections {
    std::uint64_t pairs = 0;
    bool complete = true;                  // False when a limit ended the search.
    std::vector<IntersectingPair> places;  // The first ones found; the order is fixed.
    // Pairs of shells that touch or cut each other, or share a vertex; the lower number first,
    // sorted. Only when the shells were given.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> meeting_shells;
};

// `shell_of` as in Topology, or empty. REQUIRES: a welded mesh.
[[nodiscard]] SelfIntersections self_intersections(const Bvh& bvh,
                                                   std::span<const std::uint32_t> shell_of = {},
                                                   const IntersectionLimits& limits = {});

}  // namespace nearfab::geometry
