// SPDX-License-Identifier: GPL-3.0-or-later
// sample_parts.hpp - small parts made by the tests, and the two ways to write them as STL.

#pragma once

#include "geometry/part_report.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry::sample {

using Triangles = std::vector<std::array<Vec3, 3>>;
using Bytes = std::vector<std::uint8_t>;

[[nodiscard]] Triangles box(const Vec3& min, const Vec3& max);  // 12 triangles, facing outwards.
[[nodiscard]] Triangles cube(double side);                      // From 0 to side.
[[nodiscard]] Triangles moebius_strip(int segments);
[[nodiscard]] Triangles sphere(double radius, int rings);  // 2 * rings around, closed.
[[nodiscard]] Triangles flipped(Triangles triangles);
[[nodiscard]] Triangles operator+(Triangles a, const Triangles& b);

[[nodiscard]] Bytes binary(const Triangles& triangles, std::string_view header = "");
[[nodiscard]] std::string text(const Triangles& triangles, std::string_view line_end = "\n");
[[nodiscard]] Bytes bytes_of(std::string_view text);

// The report on a file that must be readable.
[[nodiscard]] PartReport report_on(const Bytes& file);
[[nodiscard]] bool has(const PartReport& report, Severity severity, std::string_view rule);
// The error of a file that must not be readable.
[[nodiscard]] Error error_of(const Bytes& file, const ReadLimits& limits = {});

}  // namespace nearfab::geometry::sample
