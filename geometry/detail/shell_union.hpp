// SPDX-License-Identifier: GPL-3.0-or-later
// shell_union.hpp - one surface round bodies that run into each other.
//
// What is measured on faces that lie inside another body means nothing: a boss sunk 0.3 mm into a
// plate has no wall of 0.3 mm there. Slicers unite such bodies, and so does this, so that
// the parts are measured as they are made. Bodies wholly inside another go, hollows in one body
// stay. Pure, deterministic.

#pragma once

#include "geometry/detail/shell_nesting.hpp"
#include "geometry/facts/measure.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/mesh.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace nearfab::geometry::detail {

// What is united at all; the limits bound the work.
inline constexpr std::size_t max_united_triangles = 100'000;
inline constexpr std::size_t max_united_shells = 64;
// Of triangles that cut others: fine meshes all over each other take too long.
inline constexpr std::uint64_t max_united_pairs = 50'000;

// None where it is too much, or where it cannot be told: a body that cuts itself, a hollow that
// another body reaches or fills, bodies that meet only along an edge.
// REQUIRES: closed and oriented shells; topology, measures and nesting of the mesh; nesting was
// compared; meeting shells as in SelfIntersections.
[[nodiscard]] std::optional<Mesh> united(
    const Mesh& mesh,
    const Topology& topology,
    const Measures& measures,
    const ShellNesting& nesting,
    std::span<const std::pair<std::uint32_t, std::uint32_t>> meeting);

}  // namespace nearfab::geometry::detail
