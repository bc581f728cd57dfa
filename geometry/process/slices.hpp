// SPDX-License-Identifier: GPL-3.0-or-later
// slices.hpp - a part cut by level planes into loops.
//
// Each plane gives directed polylines with the solid to their left: counter-clockwise around
// material, clockwise around holes. A vertex exactly on a plane counts as above it, so every
// triangle is cut in one segment or not at all and a closed mesh gives closed loops.
//
// Work is bounded: when the planes would make more than max_slice_segments, every second plane is
// left out until they do not. Pure, deterministic.

#pragma once

#include "geometry/mesh.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace nearfab::geometry {

inline constexpr std::size_t max_slice_segments = 4'000'000;

struct SliceLoop {
    std::vector<Vec2> points;   // Millimetres; a closed loop does not repeat its first point.
    std::vector<float> slopes;  // Of the surface at the segment that begins at the point: the
                                // upward part of its outward unit normal; 0 for a wall.
    bool closed = false;
};

struct Slice {
    double height = 0;
    std::vector<SliceLoop> loops;
};

// Slices at ascending heights. REQUIRES: `points` are the mesh's vertices in a frame; the heights
// ascend.
[[nodiscard]] std::vector<Slice> slices_of(const Mesh& mesh,
                                           std::span<const Vec3> points,
                                           std::vector<double> heights);

// Twice the area is what the sum over x dy - y dx gives; positive around material.
[[nodiscard]] double signed_area(const std::vector<Vec2>& loop);

}  // namespace nearfab::geometry
