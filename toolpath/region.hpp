// SPDX-License-Identifier: GPL-3.0-or-later
// region.hpp - areas bounded by polygons: grown, shrunk, united, cut from each other.
//
// The only door to Clipper (libpolyclipping), whose integers are 1e-5 mm here: far below what any
// machine resolves, and exact up to 100 m. Results depend on the input alone.

#pragma once

#include "geometry/vector.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::toolpath {

using geometry::Vec2;

// Closed: the last corner goes on to the first, which is not repeated.
using Polygon = std::vector<Vec2>;

// Outlines counter-clockwise, holes clockwise, nothing crosses. What the functions below give back
// is of that form; what they take may also overlap (areas wound round more than zero times count).
using Region = std::vector<Polygon>;

[[nodiscard]] double signed_area(const Polygon& polygon);  // Positive counter-clockwise.
[[nodiscard]] double area_of(const Region& region);
[[nodiscard]] Polygon reversed(Polygon polygon);

// All points within by_mm of the region; the corners become arcs drawn in chords no further than
// tolerance_mm from them. Negative: the points further than that from its outside.
[[nodiscard]] Region grown(const Region& region, double by_mm, double tolerance_mm);

[[nodiscard]] Region united(const Region& a, const Region& b);
[[nodiscard]] Region without(const Region& a, const Region& b);
[[nodiscard]] Region common(const Region& a, const Region& b);

// Whatever lies inside an odd number of the polygons, whichever way they turn.
[[nodiscard]] Region even_odd(const std::vector<Polygon>& polygons);

// All sums of a point of a and a point of b, both with their insides.
[[nodiscard]] Region minkowski_sum(const Polygon& a, const Polygon& b);

// A polygon of a region and the one round it, outer ones before what is in them.
struct Contour {
    Polygon polygon;  // Counter-clockwise, also of a hole.
    bool hole = false;
    std::optional<std::uint32_t> parent;  // Index of the contour round it.
};
[[nodiscard]] std::vector<Contour> contours_of(const Region& region);

// On the edge counts as inside.
[[nodiscard]] bool contains(const Polygon& polygon, const Vec2& point);

}  // namespace nearfab::toolpath
