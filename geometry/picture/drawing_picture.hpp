// SPDX-License-Identifier: GPL-3.0-or-later
// drawing_picture.hpp - a drawing as pixels: what is cut, scored and engraved, and what is wrong.
//
// Seen as drawn, x to the right and y up, with the material grey. The same drawing and facts give
// the same pixels on every machine with the same rounding of sines and cosines.

#pragma once

#include "geometry/flat/flat_facts.hpp"
#include "geometry/picture/picture.hpp"

#include <cstdint>
#include <set>
#include <string_view>

namespace nearfab::geometry {

// How a line or a place of a drawing is marked; the later ones are drawn over the earlier ones.
enum class LineMark : std::uint8_t {
    outer = 1,
    inner = 2,
    score = 3,
    engrave = 4,
    doubled = 5,
    crossing = 6,
    open = 7
};

[[nodiscard]] Colour colour_of(LineMark mark);
[[nodiscard]] std::string_view colour_name(LineMark mark);

struct DrawingPicture {
    Picture picture;
    std::set<LineMark> seen;  // What is in the picture, for its legend.
    bool complete = true;     // False when there were more lines than anybody could tell apart.
};

struct DrawingPictureOptions {
    std::uint32_t longest_px = 1280;       // Of the longer side; 128 .. 4096.
    std::uint64_t stroke_px = 30'000'000;  // All lines together, at twice the size.
};

// `facts` are those of the drawing. Paths to be ignored are not drawn. Time grows with the pixels
// and the lines. REQUIRES: coordinates are finite; longest_px in its range.
[[nodiscard]] DrawingPicture picture_of(const Drawing& drawing,
                                        const FlatFacts& facts,
                                        const DrawingPictureOptions& options = {});

}  // namespace nearfab::geometry
