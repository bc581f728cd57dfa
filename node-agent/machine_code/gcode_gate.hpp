// SPDX-License-Identifier: GPL-3.0-or-later
// gcode_gate.hpp - the last look at machine code before a machine gets it.
//
// The fab makes its own machine code, so this gate should never say no; it is there for the day a
// slicer, a profile or a disk is wrong. It knows the Marlin dialect only (the same word can mean
// another thing elsewhere: M30 ends a program on a mill and deletes a file here). It is a list of
// what is allowed: the whole file is refused at the first line that is not.
//
// Allowed: moves inside the envelope, after homing (G0-G3, G4 up to 60 s, G21, G28, G29, G90-G92
// with E only), extruder modes, heating up to the limits and off at the end, fans, progress,
// harmless questions (M105, M115, M400), speeds and accelerations up to the limits, pressure
// advance, motors off after the last move, tools that exist, M117 with plain text, M862 checks,
// and M600 (change filament) only when a person is there.
//
// Not covered: whether the code makes the part, a collision with what is on the bed, or a
// temperature that is allowed but wrong for the material.
//
// Pure. At least 50 MB/s on one core.

#pragma once

#include "base/result.hpp"
#include "geometry/fit/envelope_fit.hpp"
#include "geometry/mesh.hpp"
#include "geometry/vector.hpp"

#include <cstdint>
#include <string_view>

namespace nearfab::agent {

// What one machine may be told. The defaults are backstops; the operator's configuration gives
// the envelope and the temperatures.
struct MachineCodeLimits {
    geometry::WorkEnvelope envelope;  // Exact: no margin for purge lines.
    geometry::Vec3 origin_mm;         // Its lowest corner. DEFAULT: 0, 0, 0; a delta's is not.
    geometry::Vec3 home_mm;           // Where the tool stands after G28. DEFAULT: 0, 0, 0.
    double nozzle_c = 300;
    double bed_c = 120;
    double extrusion_c = 170;            // Below this nozzle target no filament is pushed.
    double feed_mm_s = 1000;             // F words and M203.
    double acceleration_mm_s2 = 20'000;  // M201, M204.
    double jerk_mm_s = 50;               // M205.
    double dwell_s = 60;                 // G4.
    double filament_per_move_mm = 100;   // In one line, forward or back.
    double filament_mm = 1'000'000;      // In the file: a little over 3 kg of 1.75 mm.
    std::uint32_t tools = 1;             // At most 16.
    bool operator_present = false;       // Allows M600.
    std::uint64_t file_bytes = 200'000'000;
};

// What the file will do, for the journal and for people.
struct GcodeFacts {
    std::uint32_t lines = 0;
    std::uint32_t commands = 0;
    geometry::Bounds travel;  // Around every point the tool is sent to.
    double nozzle_c_max = 0;
    double bed_c_max = 0;
    double filament_mm = 0;  // Pushed, less what was drawn back.
    double spool_mm = 0;     // The most of that at any time: what leaves the spool.
};

// Error invalid_file: the first line that is not allowed, with its number, its text and why.
// Error too_large: more bytes than the limit.
// REQUIRES: limits.tools is 1 to 16.
[[nodiscard]] Result<GcodeFacts> check_marlin(std::string_view gcode,
                                              const MachineCodeLimits& limits);

}  // namespace nearfab::agent
