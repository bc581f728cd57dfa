// SPDX-License-Identifier: GPL-3.0-or-later
// sample_code.hpp - small pieces of Marlin code for the tests.

#pragma once

#include "node-agent/machine_code/gcode_gate.hpp"

#include <string>

namespace nearfab::agent::sample {

// Lines 1 to 7: ready to print.
inline const std::string warm_up = "G21\nG90\nM83\nM140 S60\nG28\nM190 S60\nM109 S210\n";
inline const std::string cool_down = "M104 S0\nM140 S0\nM107\nM84\n";

// A file that may run, with `middle` from line 8 on.
inline std::string job(const std::string& middle) {
    return warm_up + middle + "\n" + cool_down;
}

inline MachineCodeLimits small_machine() {
    MachineCodeLimits limits;
    limits.envelope = {180, 180, 180};
    return limits;
}

}  // namespace nearfab::agent::sample
