// SPDX-License-Identifier: GPL-3.0-or-later
// sphere.hpp - places as unit vectors, and the distance their chord stands for.
//
// The squared chord grows with the great-circle distance, so an index over vectors finds the same
// nearest as one over distances, without poles and date line as special cases.

#pragma once

#include <array>

namespace nearfab::bench {

using UnitVector = std::array<double, 3>;

[[nodiscard]] UnitVector unit_vector(double latitude_deg, double longitude_deg);

[[nodiscard]] inline double chord_squared(const UnitVector& a, const UnitVector& b) {
    const double x = a[0] - b[0];
    const double y = a[1] - b[1];
    const double z = a[2] - b[2];
    return x * x + y * y + z * z;
}

// On the sphere of proto/model/place.hpp (6371.0088 km).
[[nodiscard]] double chord_to_km(double chord_squared);

// The other way; distances over half way round count as half way.
[[nodiscard]] double km_to_chord(double distance_km);

}  // namespace nearfab::bench
