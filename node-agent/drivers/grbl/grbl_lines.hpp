// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_lines.hpp - what Grbl 1.1, grblHAL and FluidNC say, line by line.
//
// Exactly "ok" and "error:N" answer a line that was sent; everything else is told without being
// asked and must never be taken for an answer ("Grbl 1.1h ...", "ALARM:1", "<Idle|...>",
// "[MSG:...]",
// "$110=500.000", ">G54:ok"). Pure.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace nearfab::agent {

enum class GrblFirmware : std::uint8_t { unknown, grbl, grbl_hal, fluid_nc };

namespace grbl_line {

struct Ok {};
struct Refused {  // error:N
    int number = 0;
};
struct Alarm {
    int number = 0;
};
struct Banner {  // It has just been reset.
    GrblFirmware firmware = GrblFirmware::unknown;
    std::string text;
};
struct Report {                                       // <Run|MPos:1,2,3|FS:500,8000>
    std::string state;                                // "Run", without the part behind a colon:
    std::optional<int> substate;                      // Hold:0, Door:3, Alarm:11.
    std::optional<std::array<double, 3>> machine_mm;  // Or inches, if $13=1.
    std::optional<std::array<double, 3>> work_offset_mm;
    std::optional<double> feed;
    std::optional<double> spindle;  // Programmed revolutions, or laser power in the same scale.
    std::string pins;               // "XD": which inputs are active.
    std::string accessories;        // "S" or "C": spindle on; only now and then.
};
struct Setting {  // $110=500.000
    int number = 0;
    double value = 0;
};
struct Options {  // [OPT:V,15,128] of $I
    std::string letters;
    int planner_blocks = 0;
    int receive_bytes = 0;
};
struct Version {  // [VER:1.1h.20190825:] or [FIRMWARE:grblHAL] of $I
    GrblFirmware firmware = GrblFirmware::unknown;
    std::string text;
};
struct StartupBlock {  // $N0=G20, if it is not empty
    std::string text;
};
struct Shift {  // [G92:0.000,0.000,0.000] or [TLO:0.000] of $#: what a reset clears
    bool is_zero = true;
};
struct Message {  // [MSG:Reset to continue]
    std::string text;
};
struct Other {
    std::string text;
};

}  // namespace grbl_line

using GrblLine = std::variant<grbl_line::Ok,
                              grbl_line::Refused,
                              grbl_line::Alarm,
                              grbl_line::Banner,
                              grbl_line::Report,
                              grbl_line::Setting,
                              grbl_line::Options,
                              grbl_line::Version,
                              grbl_line::StartupBlock,
                              grbl_line::Shift,
                              grbl_line::Message,
                              grbl_line::Other>;

// REQUIRES: without its line end.
[[nodiscard]] GrblLine parse_grbl_line(std::string_view line);

// What a number means, with what to do: "alarm 1: a limit switch was hit; ...". From 10 upwards the
// firmwares differ.
[[nodiscard]] std::string alarm_text(int number, GrblFirmware firmware);
[[nodiscard]] std::string error_text(int number, GrblFirmware firmware);
// After these the controller no longer knows where it stands.
[[nodiscard]] bool loses_position(int alarm);

}  // namespace nearfab::agent
