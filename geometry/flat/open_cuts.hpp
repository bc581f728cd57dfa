// SPDX-License-Identifier: GPL-3.0-or-later
// open_cuts.hpp - cuts that do not close: slits, open outlines, and what they divide.
//
// A cut that does not close and has material on both sides is a slit: a part stays one part, with a
// living hinge or a relief in it. One that lies anywhere else is an outline that was drawn
// carelessly. Slits may end on outlines and on each other, as long as they go round no piece of the
// material: whatever meets is one web, and a cut that meets its web a second time goes round one.

#pragma once

#include "geometry/flat/nesting.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

struct OpenCuts {
    std::vector<std::uint32_t> slits;  // Chains.
    std::vector<std::uint32_t> loose;  // Chains: open outlines.
    // Where slits close the way round a piece, or a cut that does not close runs across an outline.
    std::vector<Vec2> dividing;
};

// `depths` are those of depths_of, `crossings` those of crossings_of.
// Incomplete when the work is used up. REQUIRES: tree holds the boxes of chains.pieces.
[[nodiscard]] OpenCuts open_cuts_of(const Chains& chains,
                                    const BoxTree& tree,
                                    const std::vector<std::uint32_t>& depths,
                                    const std::vector<Crossing>& crossings,
                                    double joint_mm,
                                    Work& work);

}  // namespace nearfab::geometry::flat
