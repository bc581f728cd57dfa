// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/globe_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace nearfab::router {
namespace {

constexpr double earth_radius_km = 6371.0088;  // IUGG R1, as in proto/model/place.cpp.
constexpr double units = globe_radius;

std::int32_t rounded(double share_of_radius) {
    return static_cast<std::int32_t>(std::lround(share_of_radius * units));
}

}  // namespace

GlobePoint globe_point(const Place& place) {
    const double latitude = place.latitude_deg * std::numbers::pi / 180;
    // 180 east and 180 west are one meridian.
    const double degrees = place.longitude_deg == -180 ? 180 : place.longitude_deg;
    const double longitude = degrees * std::numbers::pi / 180;
    // At the poles every longitude is the same point.
    const bool pole = std::abs(place.latitude_deg) == 90;
    const double ring = pole ? 0 : std::cos(latitude);
    return {rounded(ring * std::cos(longitude)),
            rounded(ring * std::sin(longitude)),
            rounded(std::sin(latitude))};
}

double ground_km(double chord2_units) {
    const double half_chord = std::sqrt(chord2_units) / (2 * units);
    return 2 * earth_radius_km * std::asin(std::min(1.0, half_chord));
}

double chord2_reaching(double km) {
    const double angle = std::max(km, 0.0) / (2 * earth_radius_km);
    if (angle >= std::numbers::pi / 2) return std::numeric_limits<double>::infinity();
    const double half_chord = std::sin(angle) * units;
    // A unit more on each end outweighs the rounding of both points and of this line.
    return (2 * half_chord + 4) * (2 * half_chord + 4);
}

}  // namespace nearfab::router
