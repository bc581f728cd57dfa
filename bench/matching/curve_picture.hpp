// SPDX-License-Identifier: GPL-3.0-or-later
// curve_picture.hpp - how the cost of a query grows with the number of machines.

#pragma once

#include "bench/matching/measure.hpp"
#include <span>
#include <string>

namespace nearfab::bench {

struct CurvePoint {
    std::size_t machines = 0;  // >= 1
    EngineFigures figures;
};

// A line a + b log10(machines), by least squares, through the CPU microseconds of a class.
struct LogFit {
    double a_us = 0;
    double b_us = 0;             // For each tenfold.
    double off_percent_max = 0;  // The farthest point from the line, of the line.
};
// REQUIRES: two points of different sizes at least.
[[nodiscard]] LogFit fit_log(std::span<const CurvePoint> points, std::size_t query_class);

// Both REQUIRE what fit_log does. CPU microseconds of one query by machines, for each class; the
// fits.
[[nodiscard]] std::string curve_text(std::span<const CurvePoint> points);
// An SVG: machines from left to right on a logarithmic scale, so that log n is a straight line.
[[nodiscard]] std::string curve_picture(std::span<const CurvePoint> points);

}  // namespace nearfab::bench
