// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_run.hpp - how long GRBL takes for machine code, and where it is at any time.
//
// Follows the firmware: arcs are drawn in chords by its arc tolerance, every move speeds up and
// slows down with the accelerations of its axes, corners by the junction deviation, and no more
// than 15 moves are looked ahead, the last of which is planned to stop. The machine stops for G4
// and when beam, spindle or air are switched. That lines arrive in time is taken for granted.
// Source: gnea/grbl 1.1 planner.c, motion_control.c.
//
// Pure. At least 5 MB/s on one core.

#pragma once

#include "base/result.hpp"
#include "node-agent/machine_code/gcode_run.hpp"
#include "toolpath/settings.hpp"

#include <cstdint>
#include <string_view>

namespace nearfab::agent {

struct GrblDynamics {
    toolpath::MachineMotion motion;
    double arc_tolerance_mm = 0.002;  // $12
    std::uint32_t look_ahead = 15;    // Moves held by the planner.

    friend bool operator==(const GrblDynamics&, const GrblDynamics&) = default;
};

// Error invalid_file: a line that cannot be read. Whether a machine may run the code is
// grbl_gate.hpp's question.
[[nodiscard]] Result<MachineRun> plan_grbl_run(std::string_view gcode,
                                               const GrblDynamics& dynamics = {});

}  // namespace nearfab::agent
