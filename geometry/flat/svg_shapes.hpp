// SPDX-License-Identifier: GPL-3.0-or-later
// svg_shapes.hpp - draws the shapes of SVG: path, rect, circle, ellipse, line, poly*.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/path_pen.hpp"
#include "geometry/flat/svg_tree.hpp"

#include <optional>
#include <string_view>

namespace nearfab::geometry::flat {

[[nodiscard]] bool svg_is_shape(std::string_view name);

// A length attribute in user units. Per cents are of the given whole. Errors: broken lengths, per
// cents of a whole that is not known (0).
[[nodiscard]] Result<double> svg_length_of(const SvgNode& node,
                                           std::string_view name,
                                           double whole,
                                           double otherwise);

// REQUIRES: svg_is_shape(node.name). Errors: numbers that are missing or broken; the pen may have
// a fault besides. Shapes without size draw nothing.
[[nodiscard]] Status draw_svg_shape(const SvgNode& node, const Vec2& viewport, PathPen& pen);

inline constexpr const char* svg_broken_next = "Export the drawing again, best as plain SVG";

}  // namespace nearfab::geometry::flat
