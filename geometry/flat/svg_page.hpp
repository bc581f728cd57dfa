// SPDX-License-Identifier: GPL-3.0-or-later
// svg_page.hpp - the size of an SVG page, and how its units become millimetres.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing_options.hpp"
#include "geometry/flat/plane.hpp"
#include "geometry/flat/svg_tree.hpp"

namespace nearfab::geometry::flat {

struct SvgPage {
    plane::Affine to_mm;  // From the page's user units, y turned up.
    Vec2 viewport{};      // Width and height in user units, for per cents; 0 when not known.
    DrawingUnit unit;
    double assumed_px_mm = 0;  // 0 when the size is stated.
};

// Errors: invalid_file for sizes and viewBoxes that are broken.
[[nodiscard]] Result<SvgPage> svg_page(const SvgTree& tree, const DrawingOptions& options);

}  // namespace nearfab::geometry::flat
