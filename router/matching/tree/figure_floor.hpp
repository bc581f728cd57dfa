// SPDX-License-Identifier: GPL-3.0-or-later
// figure_floor.hpp - a figure in two bytes that is never above the true one.
//
// A digest needs prices and emissions only as lower bounds, in every node and every entry; the
// exact figure is looked up for the few machines that come into question. The scale is
// logarithmic: steps of 1/1024 octave, 0.07 %, from 2^-20 to 2^43. A figure that is not there at
// all has a floor too, above all others.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace nearfab::router {

using FigureFloor = std::uint16_t;

inline constexpr FigureFloor no_figure = 65535;

namespace figure_floor_scale {
inline constexpr double steps = 1024;
inline constexpr double lowest_octave = -20;
}  // namespace figure_floor_scale

// The largest floor whose figure is not above `figure`; 0, which stands for 0, for what is smaller
// than the scale or not a number.
[[nodiscard]] inline FigureFloor floor_of(double figure) {
    using namespace figure_floor_scale;
    if (!(figure > 0)) return 0;
    const double step = std::floor((std::log2(figure) - lowest_octave) * steps);
    return static_cast<FigureFloor>(std::clamp(step, 0.0, no_figure - 1.0));
}

// Infinite where there is none.
[[nodiscard]] inline double figure_at(FigureFloor floor) {
    using namespace figure_floor_scale;
    if (floor == no_figure) return std::numeric_limits<double>::infinity();
    // A step less than was rounded down to outweighs the rounding of log2 and exp2.
    return floor == 0 ? 0 : std::exp2((floor - 1) / steps + lowest_octave);
}

}  // namespace nearfab::router
