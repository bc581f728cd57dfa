// SPDX-License-Identifier: GPL-3.0-or-later
// place.hpp - a point on the earth, and how far two of them are apart.

#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace nearfab {

// WGS 84 degrees; latitude in [-90, 90], longitude in [-180, 180].
struct Place {
    double latitude_deg = 0;
    double longitude_deg = 0;

    friend bool operator==(const Place&, const Place&) = default;
};

// "45.7640,4.8357" (latitude first, as people write it). Error invalid_argument says which part is
// wrong and, when the numbers look swapped, says so.
[[nodiscard]] Result<Place> parse_place(std::string_view text);

// Finite and within the ranges above.
[[nodiscard]] bool is_valid(const Place& place);

// "45.7640,4.8357": four decimals, about 11 m.
[[nodiscard]] std::string to_string(const Place& place);

// Great-circle distance on the sphere of mean radius 6371.0088 km (IUGG R1), by the haversine
// formula. Against the WGS 84 ellipsoid the error stays below 0.6 %.
[[nodiscard]] double distance_km(const Place& a, const Place& b);

}  // namespace nearfab
