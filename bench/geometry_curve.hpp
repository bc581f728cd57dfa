// SPDX-License-Identifier: GPL-3.0-or-later
// geometry_curve.hpp - what was measured at several sizes, kept in a file and drawn as a curve.

#pragma once

#include <cstddef>
#include <string>

namespace nearfab::bench {

struct GeometryFigure {
    std::string order;  // "in order" or "shuffled"
    std::string what;   // "nearfab, basic facts"
    std::size_t triangles = 0;
    double cpu_ms = 0;
    double clock_ms = 0;
    double peak_mb = 0;
};

// Adds a line to a file of figures, so that sizes may be measured one by one. False when it cannot
// be written.
[[nodiscard]] bool add_figure(const std::string& path, const GeometryFigure& figure);

// The CPU time of our own programs over the number of triangles, both scales logarithmic, beside
// dashed lines that go as n log n through what was measured at 1 million. Of figures of the same
// thing the last counts. False when a file cannot be read or written.
[[nodiscard]] bool draw_curve(const std::string& figures, const std::string& svg);

}  // namespace nearfab::bench
