// SPDX-License-Identifier: GPL-3.0-or-later
// limit_standing.hpp - where a measured number stands to a limit, given the error of measuring.
//
// The one place where what was measured of a part is held against a limit. Widths are known within
// 2 % or 0.02 mm (thickness/wall_thickness.hpp) and coordinates as float32: a plate drawn 0.7 mm
// thick measures 0.69999999. What misses a limit by no more than that is at the limit, which is
// remarked and never refused. Counts and sizes have no error and are not compared here. Pure.

#pragma once

#include <algorithm>
#include <cstdint>

namespace nearfab::geometry {

enum class Standing : std::uint8_t { within = 0, at_limit = 1, beyond = 2 };

inline constexpr double width_error_mm = 0.02;
inline constexpr double width_error_share = 0.02;

// How far a width that is really `mm` may be measured off.
[[nodiscard]] constexpr double width_error(double mm) {
    return std::max(width_error_mm, width_error_share * mm);
}

// Of a width that must not be below the limit.
[[nodiscard]] constexpr Standing standing_above(double measured_mm, double least_mm) {
    if (measured_mm >= least_mm) return Standing::within;
    return measured_mm >= least_mm - width_error(least_mm) ? Standing::at_limit : Standing::beyond;
}

// Of a thickness that must not be above the limit.
[[nodiscard]] constexpr Standing standing_below(double measured_mm, double most_mm) {
    if (measured_mm <= most_mm) return Standing::within;
    return measured_mm <= most_mm + width_error(most_mm) ? Standing::at_limit : Standing::beyond;
}

// Of a number that is so many widths, and must not be above the limit.
[[nodiscard]] constexpr Standing ratio_standing(double measured, double most) {
    if (measured <= most) return Standing::within;
    return measured <= most * (1 + width_error_share) ? Standing::at_limit : Standing::beyond;
}

}  // namespace nearfab::geometry
