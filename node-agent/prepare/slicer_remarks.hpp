// SPDX-License-Identifier: GPL-3.0-or-later
// slicer_remarks.hpp - what a slicer wrote about a file into its comments, and why it failed.
//
// Claims, not facts: the time leaves out heating and homing, and the weight is 0 when the profile
// has no density. Pure.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nearfab::agent {

struct SlicerRemarks {
    std::optional<std::int64_t> seconds;
    double filament_mm = 0;
    double filament_g = 0;
    std::uint32_t layers = 0;
};

// PrusaSlicer's; the time is "estimated printing time (normal mode)".
[[nodiscard]] SlicerRemarks remarks_in(std::string_view gcode);

// CuraEngine's: layers, and the time of the last ";TIME_ELAPSED:". What stands in the head of the
// file (";TIME:6666", ";Filament used: 0m") are placeholders that Cura replaces and the engine
// alone does not. No seconds: no such line, one that is no number, or times that fall.
[[nodiscard]] SlicerRemarks cura_remarks_in(std::string_view gcode);

// The nearest thing to a reason in what a slicer said: the last line that speaks of an error, else
// the last that is not progress, tracing or a list of settings. Empty: there is none.
[[nodiscard]] std::string_view reason_in(std::string_view standard_error,
                                         std::string_view standard_output);

// "1d 4h 17m 56s" in seconds; nothing if it is written otherwise.
[[nodiscard]] std::optional<std::int64_t> duration_from(std::string_view text);

}  // namespace nearfab::agent
