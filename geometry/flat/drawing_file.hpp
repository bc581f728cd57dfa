// SPDX-License-Identifier: GPL-3.0-or-later
// drawing_file.hpp - reads a drawing of any format that nearfab knows; the content decides.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing.hpp"
#include "geometry/flat/drawing_options.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

// Does the file begin as a DXF or an SVG does? What it says after that may still be refused.
[[nodiscard]] bool is_drawing(std::span<const std::uint8_t> file);

// Errors: those of read_dxf and read_svg; invalid_file when it is neither.
[[nodiscard]] Result<Drawing> read_drawing(std::span<const std::uint8_t> file,
                                           const DrawingOptions& options = {});

}  // namespace nearfab::geometry
