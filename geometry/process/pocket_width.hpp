// SPDX-License-Identifier: GPL-3.0-or-later
// pocket_width.hpp - how wide a pocket is, measured on the surface where a grid found it.
//
// A grid tells widths to two cells, which is too rough to hold against a cutter. Here the part is
// cut across at some heights between the pocket's floor and its rim, and the largest circle between
// the walls is sought near the place, as a cutter has to fit there. Pure; one pass over the
// triangles.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/process/pockets.hpp"

namespace nearfab::geometry {

// The narrowest over the heights; the grid's width where the two are too far apart to be of the
// same walls. REQUIRES: cell_mm > 0, that of the grid.
[[nodiscard]] double pocket_width(const Mesh& mesh, const Pocket& pocket, double cell_mm);

}  // namespace nearfab::geometry
