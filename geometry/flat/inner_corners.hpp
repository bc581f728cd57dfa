// SPDX-License-Identifier: GPL-3.0-or-later
// inner_corners.hpp - corners of loops in which a round tool or beam leaves material.
//
// An arc whose centre lies on the waste side has its radius. A corner of two lines that turns by 20
// degrees or less is taken as part of a curve drawn in chords: its radius is the mean length of the
// two over twice the tangent of half the turn. Corners that turn further are sharp.

#pragma once

#include "geometry/flat/chains.hpp"
#include "geometry/flat/flat_facts.hpp"
#include "geometry/flat/necks.hpp"

#include <vector>

namespace nearfab::geometry::flat {

// Fills in smallest_inner_radius, sharp_inner_corners and sharp_inner_corner.
void tell_inner_corners(const Chains& chains,
                        const std::vector<MaterialSide>& sides,
                        FlatFacts& facts);

}  // namespace nearfab::geometry::flat
