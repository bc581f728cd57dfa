// SPDX-License-Identifier: GPL-3.0-or-later
// settings.hpp - what a laser or a mill is told for one material of one thickness.
//
// Millimetres, mm/min, degrees. Nothing here has a value that is right everywhere: the fab's
// profile gives them, found by test cuts.

#pragma once

#include "geometry/vector.hpp"

#include <array>
#include <cstdint>

namespace nearfab::toolpath {

// How a machine moves; GRBL's settings of the same meaning. Axes are X, Y, Z.
struct MachineMotion {
    std::array<double, 3> rapid_mm_min{3000, 3000, 500};     // $110..$112
    std::array<double, 3> acceleration_mm_s2{200, 200, 50};  // $120..$122
    double junction_deviation_mm = 0.01;                     // $11

    friend bool operator==(const MachineMotion&, const MachineMotion&) = default;
};

// What both have in common.
struct CutterSettings {
    // The sheet: its lower left corner is the zero of the work coordinates, its top z = 0.
    geometry::Vec2 sheet_mm{600, 400};
    double margin_mm = 0;              // Nothing is cut nearer to the sheet's edge, leads included.
    double arc_tolerance_mm = 0.01;    // Of arcs fitted to chords.
    bool slits = false;                // Allow cuts that do not close, inside the material.
    std::uint64_t steps = 20'000'000;  // Of looking for a short way.
    MachineMotion motion;
};

struct Beam {
    double power = 0;  // 0 .. 1 of the machine's S for full power.
    double feed_mm_min = 0;
    std::uint32_t passes = 1;
};

struct LaserSettings : CutterSettings {
    double kerf_mm = 0;  // Width of the cut.
    Beam cut;
    Beam score;
    Beam engrave;
    double engrave_line_mm = 0.1;  // Between the lines that fill an area.
    double lead_in_mm = 2;         // From the waste into the cut; shorter where there is no room.
    double overcut_mm = 0.5;       // Past the start, so that the cut closes.
    std::uint32_t tabs = 0;        // Of each part; 0: it falls.
    double tab_mm = 0.4;           // Width of a tab.
    double s_max = 1000;           // $30
    bool air = false;              // M8 while cutting.
};

struct MillSettings : CutterSettings {
    double tool_mm = 0;
    double thickness_mm = 0;
    double through_mm = 0.3;  // Into the bed below.
    double spindle_rpm = 0;
    double spin_up_s = 4;
    double feed_mm_min = 0;
    double plunge_mm_min = 0;
    double step_down_mm = 0;
    double step_over = 0.4;  // Of the tool's diameter.
    double ramp_deg = 3;     // How steeply the tool goes into the material.
    double safe_z_mm = 5;
    double engrave_depth_mm = 1;  // Of engraved areas (pockets) and lines.
    double score_depth_mm = 0.5;
    std::uint32_t tabs = 4;  // Of each part, and of waste that is larger than slug_mm.
    double tab_mm = 4;       // Width left standing, without the tool's.
    double tab_height_mm = 1.5;
    double slug_mm = 12;   // Waste no larger is milled away, since it would fly about.
    bool coolant = false;  // M8.
};

}  // namespace nearfab::toolpath
