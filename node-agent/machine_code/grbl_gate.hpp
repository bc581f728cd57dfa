// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_gate.hpp - the last look at machine code for a GRBL-class laser or mill.
//
// Like gcode_gate.hpp a list of what is allowed; the whole file is refused at the first line that
// is not on it. GRBL, grblHAL and FluidNC take some bytes out of the stream before they read lines
// ('?', '!', '~', 0x18 and everything from 0x80), so a program consists of "A-Z0-9 .-" and line
// ends alone: no comments, no lower case. A line has 1 to 79 bytes; GRBL's buffer holds no more.
//
// Both: G21, G90, G94 and G17 before the first move, G54, G0-G3 (arcs by I and J, no full circles),
// G4, M5, M8, M9, and M2 as the last line, after M5. All moves inside the work area, arcs by their
// true extent; the first goes to a full place by G0, since nobody knows where the machine stands.
// F and S within the machine's limits, F before the first cut.
//   laser  M4 only (M3 burns on when the machine stops); S 0 on every G0; no Z.
//   mill   M3 with S in the spindle's range, and G4 for its spin-up, before the tool goes below
//          the top of the material (z = 0); nothing but G1-G3 below it, and G0 straight up; never
//          below the depth allowed; M5 and the end at the safe height.
//
// Not covered: clamps, whether the zero was set rightly, whether the code makes the part.
// Pure. Sources: GRBL 1.1 documentation; gnea/grbl serial.c, gcode.c.

#pragma once

#include "base/result.hpp"
#include "geometry/mesh.hpp"
#include "geometry/vector.hpp"

#include <cstdint>
#include <string_view>

namespace nearfab::agent {

enum class CutterKind : std::uint8_t { laser = 1, mill = 2 };

// What one machine may be told for one job. Work coordinates: the sheet's corner and top are zero.
struct CutterLimits {
    CutterKind kind = CutterKind::laser;
    geometry::Vec2 area_mm{200, 200};  // x and y from 0 to there.
    double feed_mm_min = 3000;
    double s_min = 0;  // While cutting; of a spindle its slowest speed.
    double s_max = 1000;
    double dwell_s = 10;  // G4.
    // Of a mill.
    double depth_mm = 0;   // Below the top of the material.
    double safe_z_mm = 5;  // And the highest place.
    double spin_up_s = 4;
    std::uint64_t file_bytes = 200'000'000;

    friend bool operator==(const CutterLimits&, const CutterLimits&) = default;
};

struct CutterFacts {
    std::uint32_t lines = 0;
    geometry::Bounds travel;  // Around every point the tool is sent to.
    double s_max = 0;
    double feed_mm_min = 0;  // The fastest.
    bool cuts = false;       // The beam was on, or the tool below the top.

    friend bool operator==(const CutterFacts&, const CutterFacts&) = default;
};

// Error invalid_file: the first line that is not allowed, with its number, its text and why.
// Error too_large: more bytes than the limit.
[[nodiscard]] Result<CutterFacts> check_grbl(std::string_view gcode, const CutterLimits& limits);

}  // namespace nearfab::agent
