// SPDX-License-Identifier: GPL-3.0-or-later
// plate.hpp - several parts side by side on one bed.
//
// They are nested by the hulls of what one sees of them from above (toolpath/nest.hpp), with room
// between them for a brim and for the print head to go through, and made into one mesh, so that no
// slicer has to be trusted with the arranging. Pure.

#pragma once

#include "base/result.hpp"
#include "geometry/fit/envelope_fit.hpp"
#include "geometry/mesh.hpp"

#include <vector>

namespace nearfab::agent {

inline constexpr double plate_gap_mm = 6;

// Of parts that lie on the bed already (orientation.hpp): each turned by quarter turns at most, all
// of them centred on x = y = 0. A single part stays as it is.
// REQUIRES: at least one part, each with a vertex.
// Errors: invalid_argument, they do not fit beside each other.
[[nodiscard]] Result<geometry::Mesh> side_by_side(std::vector<geometry::Mesh> laid,
                                                  const geometry::WorkEnvelope& bed);

}  // namespace nearfab::agent
