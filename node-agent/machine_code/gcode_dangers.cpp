// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_dangers.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace nearfab::agent {
namespace {

// Commands people ask about: what they would have done.
struct Danger {
    char letter;
    std::uint32_t first;
    std::uint32_t last;
    std::string_view what;
};
constexpr std::array dangers{
    Danger{'G', 20, 20, "switches the machine to inches"},
    Danger{'G', 92, 92, "moves the origin of the machine"},
    Danger{'M', 0, 1, "stops and waits for a person"},
    Danger{'M', 20, 30, "reads, writes, deletes or runs files on the machine"},
    Danger{'M', 42, 42, "switches a pin of the board"},
    Danger{'M', 92, 92, "changes the steps per millimetre"},
    Danger{'M', 108, 108, "interrupts a wait for a temperature"},
    Danger{'M', 112, 112, "is an emergency stop"},
    Danger{'M', 118, 118, "sends text to the host, which may act on it"},
    Danger{'M', 120, 121, "switches end stops"},
    Danger{'M', 141, 143, "sets the chamber or a heater's protection"},
    Danger{'M', 206, 206, "moves the home position"},
    Danger{'M', 211, 211, "switches the software end stops"},
    Danger{'M', 280, 280, "moves a servo"},
    Danger{'M', 301, 304, "changes how heaters are controlled or allows cold extrusion"},
    Danger{'M', 500, 504, "changes the saved settings"},
    Danger{'M', 928, 928, "writes files on the machine"},
    Danger{'M', 997, 999, "restarts the machine or replaces its firmware"},
};

}  // namespace

std::string command_name(const GcodeLine& line) {
    return line.letter + std::to_string(line.code);
}

std::string not_allowed(const GcodeLine& line) {
    for (const Danger& danger : dangers) {
        if (danger.letter == line.letter && line.code >= danger.first && line.code <= danger.last) {
            return command_name(line) + " " + std::string{danger.what} + ", which a job may not do";
        }
    }
    return command_name(line) + " is not on the list of commands a job may use";
}

}  // namespace nearfab::agent
