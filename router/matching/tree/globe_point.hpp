// SPDX-License-Identifier: GPL-3.0-or-later
// globe_point.hpp - a place as a point on the sphere, where nearness is a straight line.
//
// The chord between two points on a sphere grows with the great circle between them, so the nearest
// along the ground is the nearest through it; and a box round points in space has no date line and
// no poles. Coordinates are whole numbers, so that sums and comparisons are the same everywhere:
// one unit is 6371.0088 km / (2^30 - 1), about 6 mm.

#pragma once

#include "proto/model/place.hpp"

#include <cstdint>

namespace nearfab::router {

struct GlobePoint {
    std::int32_t x = 0;
    std::int32_t y = 0;
    std::int32_t z = 0;
    friend bool operator==(const GlobePoint&, const GlobePoint&) = default;
};

// |x|, |y| and |z| stay below this, so that differences fit 32 bits.
inline constexpr std::int32_t globe_radius = (1 << 30) - 1;

// REQUIRES: is_valid(place).
[[nodiscard]] GlobePoint globe_point(const Place& place);

// Square of the chord, in units squared: 0 .. about 4.6e18. Rounded the same way in every program
// of a machine: the build keeps products and sums apart (router/CMakeLists.txt).
[[nodiscard]] inline double chord2(const GlobePoint& a, const GlobePoint& b) {
    const auto dx = static_cast<double>(a.x - b.x);
    const auto dy = static_cast<double>(a.y - b.y);
    const auto dz = static_cast<double>(a.z - b.z);
    return dx * dx + dy * dy + dz * dz;
}

// Along the ground. Monotone; the largest chord gives half the circumference.
[[nodiscard]] double ground_km(double chord2_units);
// The inverse, rounded up, so that nothing within `km` lies outside. Negative counts as 0.
[[nodiscard]] double chord2_reaching(double km);

}  // namespace nearfab::router
