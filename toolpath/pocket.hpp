// SPDX-License-Identifier: GPL-3.0-or-later
// pocket.hpp - the rings by which a tool clears an area, from the inside out.

#pragma once

#include "toolpath/region.hpp"
#include "toolpath/track.hpp"

#include <vector>

namespace nearfab::toolpath {

struct PocketOptions {
    double tool_mm = 0;
    double step_over = 0.4;  // Of the tool's diameter, between rings; less where corners need it.
    double arc_tolerance_mm = 0.01;
};

struct Pocket {
    Region centre;             // Where the tool's middle may go.
    std::vector<Track> rings;  // Closed, innermost first, with the wall on the right of the travel.
    double uncleared_mm2 = 0;  // What the rings leave inside what the tool can reach.
    Region unreached;          // What the tool cannot reach: inner corners and narrow places.
};

// Of an area and what the tool leaves of it.
[[nodiscard]] Pocket pocket_of(const Region& area, const PocketOptions& options);

}  // namespace nearfab::toolpath
