// SPDX-License-Identifier: GPL-3.0-or-later
// nesting.hpp - which loops lie in which.

#pragma once

#include "geometry/flat/chains.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::geometry::flat {

// Per chain: how many loops are round it; 0 for an open chain. A ray from the loop to the nearer
// side of the drawing counts what it crosses. Loops that cross each other are taken by the point
// where the ray begins. Incomplete when the work is used up. REQUIRES: tree holds the boxes of
// chains.pieces.
[[nodiscard]] std::vector<std::uint32_t> depths_of(const Chains& chains,
                                                   const BoxTree& tree,
                                                   Work& work);

// Per chain: the innermost loop round it, open chains too. `depths` are those of depths_of; the
// same words hold.
[[nodiscard]] std::vector<std::optional<std::uint32_t>> parents_of(
    const Chains& chains,
    const BoxTree& tree,
    const std::vector<std::uint32_t>& depths,
    Work& work);

// Positive for a counter-clockwise loop. REQUIRES: closed.
[[nodiscard]] double signed_area_of(const Chains& chains, const Chain& loop);

}  // namespace nearfab::geometry::flat
