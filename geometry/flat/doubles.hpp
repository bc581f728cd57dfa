// SPDX-License-Identifier: GPL-3.0-or-later
// doubles.hpp - lines and arcs that lie on top of others.

#pragma once

#include "geometry/flat/box_tree.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

// A part of a piece that lies on an earlier piece.
struct DoubledPart {
    std::uint32_t piece = 0;
    double from = 0;  // 0 to 1 along the piece.
    double to = 0;
    bool own = false;  // The whole piece lies on one of its own path.
};

// Counts down the work that is left; false when it is used up.
struct Work {
    std::uint64_t left = 0;
    [[nodiscard]] bool spend() {
        if (left == 0) return false;
        --left;
        return true;
    }
};

// Sorted by piece; parts of one piece do not overlap. Incomplete when the work is used up.
// REQUIRES: tree holds the boxes of the pieces.
[[nodiscard]] std::vector<DoubledPart> doubled_parts(const std::vector<Piece>& pieces,
                                                     const BoxTree& tree,
                                                     double same_line_mm,
                                                     Work& work);

}  // namespace nearfab::geometry::flat
