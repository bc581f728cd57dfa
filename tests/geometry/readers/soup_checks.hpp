// SPDX-License-Identifier: GPL-3.0-or-later
// soup_checks.hpp - what the tests of the readers ask of a soup, each in one line.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/readers/mesh_file.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry::sample {

// The soup of a file that must be readable; by content, as everybody reads it.
[[nodiscard]] TriangleSoup soup_of(const std::vector<std::uint8_t>& file,
                                   const ReadLimits& limits = {});
[[nodiscard]] TriangleSoup soup_of(std::string_view text, const ReadLimits& limits = {});

// The error of a file that must not be readable; it has to have a next step.
[[nodiscard]] Error refusal_of(const std::vector<std::uint8_t>& file,
                               const ReadLimits& limits = {});
[[nodiscard]] Error refusal_of(std::string_view text, const ReadLimits& limits = {});

[[nodiscard]] double signed_volume_mm3(const TriangleSoup& soup);
[[nodiscard]] double area_mm2(const TriangleSoup& soup);
[[nodiscard]] Bounds bounds_of(const TriangleSoup& soup);
// Every directed edge is matched by its opposite, by the bits of the corners.
[[nodiscard]] bool is_closed(const TriangleSoup& soup);
[[nodiscard]] bool has_remark(const TriangleSoup& soup, std::string_view rule);

}  // namespace nearfab::geometry::sample
