// SPDX-License-Identifier: GPL-3.0-or-later
// starts.hpp - where material begins when a part is built up layer by layer.
//
// A start is a set of connected vertices of equal height without a lower neighbour, with solid
// above it: a foot on the bed, or an island that hangs in the air until the layers above join it
// to the rest. The floor of a pocket is as low as its surroundings too, but its surface looks up.
// Pure; O(vertices + triangles).

#pragma once

#include "geometry/process/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

struct Start {
    Vec3 place;                // In the part's coordinates; the mean of its vertices.
    double height_mm = 0;      // Above the lowest point of the part.
    double flat_area_mm2 = 0;  // Of the triangles that lie wholly in it; 0 for a tip or an edge.
};

struct Starts {
    std::uint32_t on_bed = 0;
    std::uint32_t in_air = 0;
    std::vector<Start> islands;  // In the air, the lowest first; not more than asked for.
};

// `points` are the vertices in coordinates of a frame, with the lowest at height 0; a start below
// `layer_mm` is on the bed. REQUIRES: one point per vertex; a welded mesh.
[[nodiscard]] Starts starts_of(const Mesh& mesh,
                               std::span<const Vec3> points,
                               double layer_mm,
                               std::size_t max_islands);

}  // namespace nearfab::geometry
