// SPDX-License-Identifier: GPL-3.0-or-later
// drawing_options.hpp - what a reader of drawings accepts, and what the caller knows about a file.

#pragma once

#include "base/length_unit.hpp"
#include "base/result.hpp"
#include "geometry/flat/operation_rules.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

// The numbers bound the work done for a hostile file.
struct DrawingLimits {
    std::uint64_t file_bytes = 64ULL * 1024 * 1024;
    std::uint64_t points = 1'000'000;       // Of all paths, after blocks and uses are expanded.
    std::uint64_t entities = 1'000'000;     // Walked through, counted at each insertion.
    std::uint64_t tags = 40'000'000;        // DXF: groups read, counted at each insertion.
    std::uint32_t spline_points = 100'000;  // DXF: control points, knots or fit points of one.
    int spline_degree = 25;
    int nested = 16;                                 // Blocks in blocks, uses of uses.
    int depth = 128;                                 // SVG: elements in elements.
    std::uint64_t text_bytes = 16ULL * 1024 * 1024;  // SVG: one attribute, or all style text.
    // Far larger than any part, so that a wrong unit is a remark and not a refusal.
    double coordinate_mm = 1e6;
};

// Errors: invalid_file (empty), too_large.
[[nodiscard]] Status check_size(std::span<const std::uint8_t> file, const DrawingLimits& limits);

struct DrawingOptions {
    // How long a drawing unit (DXF) or a px (SVG) is, as the caller says; unstated: as the file
    // says. $INSUNITS is often wrong, so this overrides it, with a remark; a page with a physical
    // size is refused.
    LengthUnit unit = LengthUnit::unstated;
    double chord_tolerance_mm = 0.01;  // A tenth of the narrowest kerf.
    OperationRules operations;
    DrawingLimits limits;
};

// Outside these largest sides a stated unit is in doubt.
inline constexpr double doubtful_below_mm = 1;
inline constexpr double doubtful_above_mm = 2000;

}  // namespace nearfab::geometry
