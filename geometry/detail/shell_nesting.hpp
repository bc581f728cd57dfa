// SPDX-License-Identifier: GPL-3.0-or-later
// shell_nesting.hpp - which shells of a part lie inside which, and which run into each other.

#pragma once

#include "geometry/topology.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::detail {

struct ShellNesting {
    // False when there was too much to compare (see the limits); then the rest is empty.
    bool compared = false;
    std::uint32_t meeting_pairs = 0;   // Pairs of shells that touch or cut each other.
    std::vector<std::uint32_t> depth;  // Per shell: how many others it lies inside.
};

// The limits bound the work for a hostile file; real parts stay far below them.
inline constexpr std::uint32_t max_compared_shells = 2'000;
inline constexpr std::uint64_t max_compared_triangles = 4'000'000;

// Exact: CGAL's AABB trees and predicates decide without rounding.
// REQUIRES: topology is that of the mesh; every shell is closed.
[[nodiscard]] ShellNesting nest_shells(const Mesh& mesh, const Topology& topology);

}  // namespace nearfab::geometry::detail
