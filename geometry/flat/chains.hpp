// SPDX-License-Identifier: GPL-3.0-or-later
// chains.hpp - joins paths whose ends meet to chains.
//
// Ends at the same point are one node. A node of two ends joins them. Ends that are alone are
// joined with the nearest other such end within the tolerance, nearest pairs first. At a node of
// more ends (a branch), paths that lead nowhere are set aside first; of the others, those are
// joined that go on straightest.

#pragma once

#include "geometry/flat/doubles.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

struct Chain {
    std::uint32_t first = 0;  // Pieces [first, last) of Chains::pieces, in order.
    std::uint32_t last = 0;
    bool closed = false;
};

struct JoinedGap {
    Vec2 at;
    double mm = 0;
};

struct Branch {
    Vec2 at;
    std::uint32_t ends = 0;
};

struct Chains {
    std::vector<Piece> pieces;  // In the order and direction of the chains; gaps bridged by lines.
    std::vector<Chain> chains;  // Loops first.
    std::vector<std::uint32_t> chain_of;  // Per piece.
    std::vector<JoinedGap> gaps;
    std::vector<Branch> branches;
};

// The pieces of a path, or of a part of one. Never empty.
struct Strand {
    std::vector<Piece> pieces;
    bool closed = false;
};

// Incomplete when the work is used up.
[[nodiscard]] Chains chains_of(std::vector<Strand> strands, double joint_mm, Work& work);

}  // namespace nearfab::geometry::flat
