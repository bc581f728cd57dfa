// SPDX-License-Identifier: GPL-3.0-or-later
// loop_groups.hpp - loops that run into each other, and the area that they bound together.
//
// Loops that only touch, or lie in each other, are groups of their own. What a group bounds is
// whatever any of its loops winds round: the union.

#pragma once

#include "geometry/flat/crossings.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

struct LoopGroups {
    std::vector<std::uint32_t> of;  // Per chain: the first chain of its group.
    std::vector<bool> crossed;      // Per chain, at the first of a group: some cross in it.
};

// Each chain for itself.
[[nodiscard]] LoopGroups no_groups(const Chains& chains);

// `crossings` are those of crossings_of. Loops that touch are looked at more closely: they run into
// each other when one has parts on both sides of the other. Incomplete when the work is used up.
[[nodiscard]] LoopGroups groups_of(const Chains& chains,
                                   const BoxTree& tree,
                                   const std::vector<Crossing>& crossings,
                                   Work& work);

// Of what any of the loops winds round, exact for lines and arcs but for rounding: the plane is
// taken apart at the heights of all ends and crossings, and between two of them the pieces stand
// side by side. Incomplete when the work is used up. REQUIRES: loops of `chains`.
[[nodiscard]] double united_area(const Chains& chains,
                                 const std::vector<std::uint32_t>& loops,
                                 Work& work);

}  // namespace nearfab::geometry::flat
