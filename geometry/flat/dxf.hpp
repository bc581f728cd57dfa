// SPDX-License-Identifier: GPL-3.0-or-later
// dxf.hpp - reads DXF drawings (text, R12 to R2018) as flat parts.
//
// A DXF is pairs of lines, a group code and a value. Read are LINE, ARC, CIRCLE, ELLIPSE,
// LWPOLYLINE, POLYLINE (2D, 3D seen from above), SPLINE, and INSERT of blocks with scale, turn,
// arrays and nesting. Other entities are counted in a remark. Entities of paper space, of layers
// that are off, frozen or not plotted, and invisible ones are not part of the drawing; nor is
// layer Defpoints. A mirrored or tilted coordinate system (the extrusion direction) is applied.
//
// $INSUNITS states the unit. Where it is missing, unitless or unknown, coordinates are taken as
// millimetres, unit.stated is false and a remark asks for the unit; nothing is ever rescaled by
// guess. What a person draws after EOF is not read; a file without EOF is truncated.
//
// Source of the group codes: Autodesk's DXF reference.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing.hpp"
#include "geometry/flat/drawing_options.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

// Errors: invalid_file (no DXF, truncated, a broken group, blocks that insert themselves, nothing
// drawn, binary DXF), too_large (a limit). Messages name the line and the entity.
[[nodiscard]] Result<Drawing> read_dxf(std::span<const std::uint8_t> file,
                                       const DrawingOptions& options = {});

}  // namespace nearfab::geometry
