// SPDX-License-Identifier: GPL-3.0-or-later
// crossings.hpp - where chains cross or touch themselves and each other.

#pragma once

#include "geometry/flat/chains.hpp"

#include <vector>

namespace nearfab::geometry::flat {

struct Crossing {
    Vec2 at;
    bool self = false;  // Of one chain with itself.
};

// One for each place: crossings of the same two chains within joint_mm are one. Where two ends are
// joined, where paths branch, and where a chain comes back to itself within 4 joint_mm there is
// none. Sorted by place. Incomplete when the work is used up. REQUIRES: tree holds the boxes of
// chains.pieces.
[[nodiscard]] std::vector<Crossing> crossings_of(const Chains& chains,
                                                 const BoxTree& tree,
                                                 double joint_mm,
                                                 Work& work);

}  // namespace nearfab::geometry::flat
