// SPDX-License-Identifier: GPL-3.0-or-later
// nesting.hpp - which loops lie in which.

#pragma once

#include "geometry/flat/loop_groups.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::geometry::flat {

// Per chain: how many other groups of loops are round it; 0 for an open chain. A ray from the loop
// to the nearer side of the drawing counts what it crosses. Incomplete when the work is used up.
// REQUIRES: tree holds the boxes of chains.pieces.
[[nodiscard]] std::vector<std::uint32_t> depths_of(const Chains& chains,
                                                   const BoxTree& tree,
                                                   const LoopGroups& groups,
                                                   Work& work);

// Per chain: the innermost loop round it, open chains too. `depths` are those of depths_of; the
// same words hold.
[[nodiscard]] std::vector<std::optional<std::uint32_t>> parents_of(
    const Chains& chains,
    const BoxTree& tree,
    const std::vector<std::uint32_t>& depths,
    Work& work);

// How often the loop winds round a point, counter-clockwise; anything for a point on it.
[[nodiscard]] int winding_round(
    const Chains& chains, const BoxTree& tree, std::uint32_t loop, const Vec2& point, Work& work);

// Where a piece crosses the height y. REQUIRES: y is not above both of its ends, nor below both,
// and they differ in height.
[[nodiscard]] double crossing_x(const Piece& piece, double y);
// Whether an arc lies to the right of its centre.
[[nodiscard]] bool right_half(const Piece& arc);

// Positive for a counter-clockwise loop. REQUIRES: closed.
[[nodiscard]] double signed_area_of(const Chains& chains, const Chain& loop);

}  // namespace nearfab::geometry::flat
