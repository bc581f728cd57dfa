// SPDX-License-Identifier: GPL-3.0-or-later
// open_cuts.hpp - cuts that do not close: slits, open outlines, and what they divide.
//
// A cut that does not close and has material on both sides is a slit: a part stays one part, with a
// living hinge or a relief in it. One that lies anywhere else is an outline that was drawn
// carelessly. Slits may end on outlines and on each other, as long as they go round no piece of the
// material: whatever meets is one web, and a cut that meets its web a second time goes round one.
// Slits that begin at an edge are often drawn a little beyond it; what lies there is not cut.

#pragma once

#include "geometry/flat/nesting.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

struct OpenCuts {
    std::vector<std::uint32_t> slits;  // Chains.
    std::vector<std::uint32_t> loose;  // Chains: open outlines.
    std::vector<Vec2> dividing;        // Where slits close the way round a piece.
};

// `depths` are those of depths_of, `crossings` those of crossings_of.
// Incomplete when the work is used up. REQUIRES: tree holds the boxes of chains.pieces.
[[nodiscard]] OpenCuts open_cuts_of(const Chains& chains,
                                    const BoxTree& tree,
                                    const std::vector<std::uint32_t>& depths,
                                    const std::vector<Crossing>& crossings,
                                    Work& work);

// The parts of a slit that lie in material, in order. REQUIRES: no loops cross, and the slit
// divides nothing: then it is one part.
[[nodiscard]] std::vector<Piece> part_in_material(const Chains& chains,
                                                  const BoxTree& tree,
                                                  const Chain& slit,
                                                  Work& work);

}  // namespace nearfab::geometry::flat
