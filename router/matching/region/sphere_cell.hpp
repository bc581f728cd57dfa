// SPDX-License-Identifier: GPL-3.0-or-later
// sphere_cell.hpp - a fixed grid of nested cells on the sphere.
//
// The earth in a cube: six faces, each divided in four, and again. Planes through the cube's lines
// cut the sphere along great circles, so every cell is convex and there is nothing special about
// poles and the date line. The lines of a face are set at equal angles, so that cells of a level
// are of similar size:
//
//     level          0      1     2 ...   7    8    9    10   11   12   13   14
//     radius from    world  6086  3376    97   48   24   12   6    3    1.5  0.7 km
//     to                    6086  3376    127  64   32   16   8    4    2    1   km
//
// Where a cell is depends on nobody's machines: a digest that names a cell says no more about a
// place than that it is somewhere inside.

#pragma once

#include "proto/model/place.hpp"
#include "router/matching/tree/globe_point.hpp"

#include <cstdint>

namespace nearfab::router {

inline constexpr std::uint32_t cell_level_max = 14;

// The cell of the finest level that holds the point: 3 bits for the face, 2 for each further level,
// the coarsest first. Cells of a level are ranges of these numbers.
[[nodiscard]] std::uint32_t cell_path(const GlobePoint& at);

// The number of the cell of that level around a finest one. Level 0 is the whole earth.
[[nodiscard]] std::uint32_t cell_at(std::uint32_t path, std::uint32_t level);

struct CellCap {
    Place centre;
    std::uint32_t radius_km = 0;  // Everything in the cell lies within, on the great circle.
};
// REQUIRES: cell_at gave the number for this level.
[[nodiscard]] CellCap cap_of(std::uint32_t cell, std::uint32_t level);

// The finest level none of whose cells has a smaller radius; 0 when there is none.
[[nodiscard]] std::uint32_t finest_level_of(double radius_km);

}  // namespace nearfab::router
