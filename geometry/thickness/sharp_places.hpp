// SPDX-License-Identifier: GPL-3.0-or-later
// sharp_places.hpp - where a part runs out to nothing: edges like a knife, tips like a needle, and
// grooves and pits like their moulds.
//
// Beside such a place every width is small, however thick the part; it says how sharp the place
// is and not how thin a wall is. Sharp means less than 60 degrees: from there on two surfaces
// face each other in the sense of span.hpp.

#pragma once

#include "geometry/facts/sharp_edges.hpp"
#include "geometry/thickness/smooth_normals.hpp"
#include "geometry/thickness/span.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

// A part with more is one of thorns, of which nobody measures each.
inline constexpr std::size_t most_tips_kept = 256;

struct SharpPlaces {
    std::uint32_t edges = 0;
    double length_mm = 0;       // Of the edges together.
    double sharpest_deg = 180;  // Of the edges.
    Vec3 sharpest_at;           // The middle of that edge; the first of several.
    std::uint32_t tips = 0;     // Corners that are narrow all round.
    std::vector<Vec3> tips_at;  // The first of them, at most most_tips_kept.
};

// Those of the material, or of the air for gaps. `edges` are those of sharp_edges(mesh, sharp_deg).
[[nodiscard]] SharpPlaces sharp_places(const Mesh& mesh,
                                       std::span<const SharpEdge> edges,
                                       const SmoothNormals& normals,
                                       SpanSide side,
                                       bool inside_out);

}  // namespace nearfab::geometry
