// SPDX-License-Identifier: GPL-3.0-or-later
// marlin_lines.hpp - what Marlin and its relatives say over a serial line, and what they are sent.
//
// Every numbered line carries its number and a checksum, so that a line that was lost or changed on
// the way is asked for again ("Resend: 7", with an "ok" behind it that answers nothing). Firmwares
// write the same thing in different ways; unknown lines are for people. Pure.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace nearfab::agent {

namespace marlin_line {

struct Start {};  // It was switched on or reset.
struct Ok {
    std::string words;  // "T:21.3 /0.0 B:21.3 /0.0", if any.
};
struct Resend {
    std::uint64_t line = 0;
};
struct Busy {
    bool waits_for_person = false;  // "echo:busy: paused for user"
};
struct Fault {  // It needs a person: killed, heater out of hand.
    std::string text;
};
struct Complaint {  // "Error:checksum mismatch, Last Line: 3"; a Resend follows.
    std::string text;
};
struct Action {  // "//action:pause"
    std::string what;
};
struct Firmware {  // "FIRMWARE_NAME:Marlin 2.1.2 ... MACHINE_TYPE:Ender-3 ..."
    std::string name;
    std::string machine;
    std::string uuid;
};
struct Capability {  // "Cap:EMERGENCY_PARSER:1"
    std::string name;
    bool there = false;
};
struct Wait {};  // "wait": it has nothing to do.
struct Other {
    std::string text;
};

}  // namespace marlin_line

using MarlinLine = std::variant<marlin_line::Start,
                                marlin_line::Ok,
                                marlin_line::Resend,
                                marlin_line::Busy,
                                marlin_line::Fault,
                                marlin_line::Complaint,
                                marlin_line::Action,
                                marlin_line::Firmware,
                                marlin_line::Capability,
                                marlin_line::Wait,
                                marlin_line::Other>;

// REQUIRES: without its line end.
[[nodiscard]] MarlinLine parse_marlin_line(std::string_view line);

// "N7 G1 X10*85\n": the checksum is the exclusive or of all bytes before the star.
[[nodiscard]] std::string numbered_line(std::uint64_t number, std::string_view code);

}  // namespace nearfab::agent
