// SPDX-License-Identifier: GPL-3.0-or-later
// svg_remarks.hpp - what is said of an SVG: what was not read, and how large it is.

#pragma once

#include "geometry/flat/remarks.hpp"
#include "geometry/flat/svg_page.hpp"

#include <cstdint>

namespace nearfab::geometry::flat {

// What was met and not read, or not as a viewer shows it.
struct SvgLeft {
    Tally not_drawn;
    std::uint64_t hidden = 0;
    std::uint64_t of_switches = 0;
    std::uint64_t unknown_colours = 0;
    std::uint64_t clipped = 0;
    std::uint64_t style_rules = 0;
};

[[nodiscard]] Error nothing_drawn(const SvgLeft& left);

// Adds unit_unstated, not_drawn, clip_ignored, style_ignored, colour_unknown, switch and hidden.
void add_remarks(Drawing& drawing, const SvgPage& page, const SvgLeft& left);

}  // namespace nearfab::geometry::flat
