// SPDX-License-Identifier: GPL-3.0-or-later
// compensation.hpp - where the middle of a beam or tool goes so that the part comes out as drawn.
//
// The middle runs round all material at the distance of the tool's radius: outlines outwards,
// holes inwards, round corners outside. It never comes nearer to material that is kept, by less
// than the tolerance. So what a tool cannot reach stays uncut; every such place is told: a hole or
// gap narrower than the tool is lost, an inner corner keeps the tool's radius.

#pragma once

#include "toolpath/region.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nearfab::toolpath {

struct Compensation {
    double radius_mm = 0;         // Of the tool, or half the width of the beam's cut.
    double tolerance_mm = 0.003;  // Of round corners.
    // What stays uncut and is thinner than this is rounding, not a feature.
    double noticed_mm = 0.02;
};

// Waste that the tool cannot remove.
struct Leftover {
    Vec2 at;  // Within it.
    double area_mm2 = 0;
    double long_mm = 0;  // The diagonal of its box.
    // More than the corner of an outline: a hole, slot or gap, or a good part of one, is missing.
    bool feature = false;
    bool whole_hole = false;
};

struct CutLines {
    std::vector<Contour> contours;    // Of the tool's middle; holes of it are cut inside holes.
    std::vector<Leftover> leftovers;  // Features first, then by area.
};

// `kept` is the material of the drawing, as even_odd gives it.
[[nodiscard]] CutLines cut_lines(const Region& kept, const Compensation& compensation);

// A leftover is a feature when its box is longer than this many radii: a corner of 40 degrees
// leaves 2.9 of them.
inline constexpr double corner_radii = 4;

// "the hole at (12, 4) mm is narrower than the tool (3 mm)"
[[nodiscard]] std::string text_of(const Leftover& leftover, double tool_mm);

}  // namespace nearfab::toolpath
