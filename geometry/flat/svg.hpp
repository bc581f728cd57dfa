// SPDX-License-Identifier: GPL-3.0-or-later
// svg.hpp - reads SVG drawings as flat parts.
//
// Read are path, rect, circle, ellipse, line, polyline and polygon, in g, a, switch, nested svg
// and use, with all transforms, viewBox and preserveAspectRatio, and with stroke, fill, display
// and visibility from attributes, style attributes and simple style rules (a type, a class, an id,
// a type with a class, or *). Texts and pictures are counted in a remark, clip paths and masks are
// not applied. A stroke is drawn along its middle; its width and dashes are not read.
//
// The y axis of the page is turned up, and its lower left corner is the origin when the page has a
// height.
//
// The size is stated when the page has a width or height in mm, cm, in, pt, pc or Q together with
// a viewBox. Otherwise lengths are px, unit.stated is false, and a remark asks for the size: a px
// is 1/96 inch by the standard, but 1/72 in files of Adobe Illustrator and 1/90 in those of
// Inkscape before 0.92, which is what is assumed for these. Whoever knows better gives the unit.
//
// Nothing outside of the file is ever opened: a use of another file is refused. A document type is
// passed over when it only names one; declarations inside it (entities) are refused.
//
// Source: SVG 1.1, second edition (W3C 2011); arcs after its appendix F.6.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing.hpp"
#include "geometry/flat/drawing_options.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

// Errors: invalid_file (no SVG, broken XML, numbers or paths, uses that use themselves, references
// to other files, nothing drawn), too_large (a limit). Messages name the line and the element.
[[nodiscard]] Result<Drawing> read_svg(std::span<const std::uint8_t> file,
                                       const DrawingOptions& options = {});

}  // namespace nearfab::geometry
