// SPDX-License-Identifier: GPL-3.0-or-later
// orientation.hpp - a part laid on the bed the way it was matched.
//
// The router matched the part in one stance (which axis is up) turned by an angle about the
// vertical (geometry/fit/envelope_fit.hpp). The same is done to the mesh here, so no slicer has to
// be trusted with it. Pure.

#pragma once

#include "geometry/fit/envelope_fit.hpp"
#include "geometry/mesh.hpp"

namespace nearfab::agent {

struct Orientation {
    geometry::UpAxis up = geometry::UpAxis::z;
    double turn_deg = 0;  // Counter-clockwise seen from above, after the axis was turned up.
};

// The part turned, never mirrored, its lowest point at z = 0 and its box centred on x = y = 0.
// REQUIRES: at least one vertex.
[[nodiscard]] geometry::Mesh laid_on_bed(geometry::Mesh part, const Orientation& orientation);

}  // namespace nearfab::agent
