// SPDX-License-Identifier: GPL-3.0-or-later
// soup_rules.hpp - what must hold of any answer of a mesh reader, and seeds for several.

#pragma once

#include "geometry/readers/triangle_soup.hpp"

namespace nearfab::fuzz {

// Small, so that the limits are met often and a run costs little.
[[nodiscard]] geometry::ReadLimits small_limits();

// Stops the program when the answer breaks a promise of triangle_soup.hpp.
void check(const Result<geometry::TriangleSoup>& answer, const geometry::ReadLimits& limits);

// Two triangles as STL.
[[nodiscard]] std::vector<std::uint8_t> stl_seed(std::string_view header);
[[nodiscard]] std::string stl_text_seed(std::string_view line_end);

}  // namespace nearfab::fuzz
