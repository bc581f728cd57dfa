// SPDX-License-Identifier: GPL-3.0-or-later
// sample_drawings.hpp - small drawings made by the tests.

#pragma once

#include "geometry/flat/dxf.hpp"
#include "geometry/flat/flat_facts.hpp"
#include "geometry/flat/svg.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::geometry::sample {

// Groups of a DXF: a code and its value.
using Groups = std::initializer_list<std::pair<int, std::string_view>>;
[[nodiscard]] std::string groups(const Groups& list);
// A whole file in millimetres with these entities; tables and blocks where there are any.
[[nodiscard]] std::string dxf(std::string_view entities,
                              std::string_view blocks = "",
                              std::string_view tables = "",
                              std::string_view units = "4");

[[nodiscard]] Drawing drawing_of_dxf(std::string_view file, const DrawingOptions& options = {});
[[nodiscard]] Error error_of_dxf(std::string_view file, const DrawingOptions& options = {});

// A page of 100 x 100 mm with a viewBox of as many units. Stroked black, not filled.
[[nodiscard]] std::string svg(std::string_view inside);
[[nodiscard]] Drawing drawing_of_svg(std::string_view file, const DrawingOptions& options = {});
[[nodiscard]] Error error_of_svg(std::string_view file, const DrawingOptions& options = {});

[[nodiscard]] bool says(const Drawing& drawing, std::string_view rule);
[[nodiscard]] double length_of_all(const Drawing& drawing);

// Closed paths to be cut.
[[nodiscard]] Path outline(std::vector<Vec2> points);
[[nodiscard]] Path rectangle(double x, double y, double width, double height);
[[nodiscard]] Path circle(double x, double y, double radius);
[[nodiscard]] Path line(const Vec2& from, const Vec2& to);
[[nodiscard]] Drawing drawing(std::vector<Path> paths);
[[nodiscard]] FlatFacts facts_of(std::vector<Path> paths, const FlatOptions& options = {});

}  // namespace nearfab::geometry::sample
