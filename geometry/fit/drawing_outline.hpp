// SPDX-License-Identifier: GPL-3.0-or-later
// drawing_outline.hpp - the outline of flat work, for the question whether a sheet has room for it.

#pragma once

#include "geometry/fit/outline.hpp"
#include "geometry/flat/drawing.hpp"

namespace nearfab::geometry {

// Of everything that is to be made, engraved lines too, as outline_of(points) gives it: it contains
// all arcs and has the exact bounding box. Empty when nothing is to be made.
[[nodiscard]] Outline outline_of(const Drawing& drawing);

}  // namespace nearfab::geometry
