// SPDX-License-Identifier: GPL-3.0-or-later
// gcode_dangers.hpp - why a command is not on the gate's list, in words for people.

#pragma once

#include "node-agent/machine_code/gcode.hpp"

#include <string>

namespace nearfab::agent {

// "M104".
[[nodiscard]] std::string command_name(const GcodeLine& line);

// What the command would have done on a Marlin machine where people are likely to ask; otherwise
// only that it is not allowed. Pure.
[[nodiscard]] std::string not_allowed(const GcodeLine& line);

}  // namespace nearfab::agent
