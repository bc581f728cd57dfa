// SPDX-License-Identifier: GPL-3.0-or-later
// sample_sheets.hpp - small outlines and settings for the tests of toolpaths.

#pragma once

#include "toolpath/cut_plan.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::toolpath::sample {

[[nodiscard]] Polygon square(double x, double y, double side);
[[nodiscard]] Polygon box(double x, double y, double wide, double tall);
[[nodiscard]] Polygon disc(double x, double y, double radius);  // In chords of 0.003 mm.
[[nodiscard]] Outlines cuts(std::vector<Polygon> loops);

// A star with so many points, its radius wandering between the two; the same for the same seed.
[[nodiscard]] Polygon star(std::uint64_t seed, Vec2 centre, double low, double high, int points);

[[nodiscard]] LaserSettings laser();  // Kerf 0.2, sheet 300 x 200.
[[nodiscard]] MillSettings mill();    // Tool 3 mm, 6 mm material, sheet 300 x 200.

// The way of all moves of that kind.
[[nodiscard]] double way_of(const Toolpath& path, MoveKind kind);

}  // namespace nearfab::toolpath::sample
