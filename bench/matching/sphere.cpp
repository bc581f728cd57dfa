// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/sphere.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nearfab::bench {
namespace {

constexpr double earth_radius_km = 6371.0088;

}  // namespace

UnitVector unit_vector(double latitude_deg, double longitude_deg) {
    const double latitude = latitude_deg * std::numbers::pi / 180;
    const double longitude = longitude_deg * std::numbers::pi / 180;
    return {std::cos(latitude) * std::cos(longitude),
            std::cos(latitude) * std::sin(longitude),
            std::sin(latitude)};
}

double chord_to_km(double chord_squared) {
    return 2 * earth_radius_km * std::asin(std::min(1.0, std::sqrt(chord_squared) / 2));
}

double km_to_chord(double distance_km) {
    const double half_angle = distance_km / (2 * earth_radius_km);
    const double chord = 2 * std::sin(std::min(half_angle, std::numbers::pi / 2));
    return chord * chord;
}

}  // namespace nearfab::bench
