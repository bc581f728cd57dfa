// SPDX-License-Identifier: GPL-3.0-or-later
// cutter_code.hpp - what a machine that speaks GRBL may be told, and how it moves.

#pragma once

#include "node-agent/machine_code/grbl_gate.hpp"
#include "node-agent/machine_code/grbl_run.hpp"

namespace nearfab::agent {

struct CutterCode {
    CutterLimits limits;
    GrblDynamics dynamics;

    friend bool operator==(const CutterCode&, const CutterCode&) = default;
};

}  // namespace nearfab::agent
