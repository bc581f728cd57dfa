// SPDX-License-Identifier: GPL-3.0-or-later
// shell_nesting.hpp - which shells of a part lie inside which, and which run into each other.
//
// Which ones meet is decided exactly (facts/self_intersections.hpp). For a shell that meets no
// other, one ray from a point of it tells all: it lies inside those shells that the ray crosses an
// odd number of times. A ray that passes within rounding of an edge counts for nothing, and the
// next direction is tried.

#pragma once

#include "geometry/facts/self_intersections.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/search/bvh.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::detail {

struct ShellNesting {
    // False when there was too much to compare (see the limits); then there are no depths, and the
    // pairs are those found before.
    bool compared = false;
    std::uint32_t meeting_pairs = 0;   // Pairs of shells that touch or cut each other.
    std::vector<std::uint32_t> depth;  // Per shell: how many it lies inside that it does not meet.
};

// The limits bound the work for a hostile file; real parts stay far below them. Those on the
// comparison of triangles are IntersectionLimits.
inline constexpr std::uint32_t max_compared_shells = 200'000;
inline constexpr std::uint64_t max_ray_steps = 100'000'000;

// REQUIRES: topology and intersections are those of the tree's mesh, the latter found with the
// shells; every shell is closed.
[[nodiscard]] ShellNesting nest_shells(const Bvh& bvh,
                                       const Topology& topology,
                                       const SelfIntersections& intersections);

// As above; builds the tree and finds the intersections itself, and only when there are two shells.
[[nodiscard]] ShellNesting nest_shells(const Mesh& mesh, const Topology& topology);

}  // namespace nearfab::geometry::detail
