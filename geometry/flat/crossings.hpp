// SPDX-License-Identifier: GPL-3.0-or-later
// crossings.hpp - where chains cross or touch themselves and each other.

#pragma once

#include "geometry/flat/chains.hpp"

#include <vector>

namespace nearfab::geometry::flat {

struct Crossing {
    Vec2 at;
    std::uint32_t a = 0;  // Chains, a <= b; the same one twice where a chain meets itself.
    std::uint32_t b = 0;
    // They go through each other there. Otherwise one only touches the other, ends on it, or they
    // run along each other for a while.
    bool through = false;

    [[nodiscard]] bool self() const { return a == b; }
};

// One for each place: crossings of the same two chains within joint_mm are one. Where two ends are
// joined, where paths branch, and where a chain comes back to itself within 4 joint_mm there is
// none. Sorted by place. Incomplete when the work is used up, and at most one more than `most`
// places. REQUIRES: tree holds the boxes of chains.pieces.
[[nodiscard]] std::vector<Crossing> crossings_of(
    const Chains& chains, const BoxTree& tree, double joint_mm, std::uint64_t most, Work& work);

}  // namespace nearfab::geometry::flat
