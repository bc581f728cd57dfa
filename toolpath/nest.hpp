// SPDX-License-Identifier: GPL-3.0-or-later
// nest.hpp - many parts laid out on as few sheets as possible, and as tightly.
//
// Where a part may lie is what the no-fit polygons of the parts already laid leave of the sheet:
// the Minkowski sum of one part with the other turned by half a turn. They are kept, since the same
// pair comes up again. Parts with holes and bays are not taken for their hulls: small parts go into
// large holes. Outlines are simplified outwards first, never by more than simplify_mm.
//
// Several orders (by area, length, width, ...) and two ways of judging a place are tried, then
// orders with parts exchanged, until the steps are used up. Steps count corners looked at, not
// time, so the same parts give the same layout on every machine. Sources: Art (1966) and Burke et
// al. (2007) for no-fit polygons; Baker, Coffman and Rivest (1980) for bottom-left.

#pragma once

#include "base/result.hpp"
#include "toolpath/region.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::toolpath {

struct NestPart {
    std::vector<Polygon> loops;  // Counter-clockwise, even-odd material, as Outlines has them.
    std::uint32_t quantity = 1;
    bool may_turn = true;  // False for material with a grain.
};

struct NestOptions {
    Vec2 sheet_mm{600, 400};
    double margin_mm = 5;         // From the sheet's edge.
    double gap_mm = 2;            // Between parts: the width of the cut and what is left standing.
    std::uint32_t rotations = 4;  // Evenly spread over a full turn.
    double simplify_mm = 0.5;
    std::uint64_t steps = 25'000'000;
};

struct PlacedPart {
    std::uint32_t part = 0;
    std::uint32_t copy = 0;  // 0 .. quantity - 1.
    std::uint32_t sheet = 0;
    double angle = 0;  // Radians, counter-clockwise about the part's own origin; then moved.
    Vec2 by;
};

struct Nesting {
    std::vector<PlacedPart> placed;  // All copies of all parts.
    std::uint32_t sheets = 0;
    double last_length_mm =
        0;  // Of the last sheet, along x, from its edge to the end of its parts.
    // Area of the parts over that of the sheets used: of the last one only the strip up to there,
    // margin included, since the rest is a sheet for the next job.
    double used_share = 0;
};

// Errors: invalid_argument (a part that does not fit on the sheet in any allowed turn; nothing to
// lay out).
[[nodiscard]] Result<Nesting> nest(const std::vector<NestPart>& parts,
                                   const NestOptions& options = {});

// The plain way, to compare with: the bounding boxes, turned so that they are wide and low, in
// shelves, highest first, each on the first shelf with room (first fit decreasing height).
[[nodiscard]] Result<Nesting> shelf_nest(const std::vector<NestPart>& parts,
                                         const NestOptions& options = {});

}  // namespace nearfab::toolpath
