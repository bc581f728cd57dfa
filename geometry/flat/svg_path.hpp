// SPDX-License-Identifier: GPL-3.0-or-later
// svg_path.hpp - draws the path data and the point lists of SVG.

#pragma once

#include "geometry/flat/path_pen.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nearfab::geometry::flat {

// All commands: M L H V C S Q T A Z, absolute and relative. What is wrong with the data as a
// sentence that names the character, or nothing.
[[nodiscard]] std::optional<std::string> draw_svg_path(std::string_view data, PathPen& pen);

// The points of a polyline or polygon.
[[nodiscard]] std::optional<std::string> draw_svg_points(std::string_view points,
                                                         bool closed,
                                                         PathPen& pen);

}  // namespace nearfab::geometry::flat
