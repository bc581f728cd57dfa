// SPDX-License-Identifier: GPL-3.0-or-later
// inner_corners.hpp - the inner corners between upright walls, and the radius a cutter may have.
//
// The part is sliced across the cutter's direction; along a loop an inner corner is where the
// border turns away from the solid. A turn of more than sharp_corner_deg at one point is a sharp
// corner, which no round cutter makes: radius 0. Smaller turns one after the other are an arc that
// was cut into facets: its radius is its length over its turn. Only walls within three degrees of
// the direction count. Pure.

#pragma once

#include "geometry/process/frame.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

// A circle of nine or more facets is round, one of eight is an octagon.
inline constexpr double sharp_corner_deg = 42;
inline constexpr std::size_t max_corner_slices = 12;

struct InnerCorner {
    Vec3 place;  // In the part's coordinates.
    Vec3 from;   // The side the cutter comes from, of length one.
    double radius_mm = 0;
    double turn_deg = 0;  // How far the wall turns there; up to 360 for a round hole.
    Vec3 away;            // From the solid, at the place; of length one.
    // Outward normals of the walls before and after the corner, in the part's coordinates.
    Vec3 wall_before;
    Vec3 wall_after;
};

// All of them, slice by slice. REQUIRES: `points` are the vertices in the frame.
[[nodiscard]] std::vector<InnerCorner> inner_corners_of(const Mesh& mesh,
                                                        const Frame& frame,
                                                        std::span<const Vec3> points);

}  // namespace nearfab::geometry
