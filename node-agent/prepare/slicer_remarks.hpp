// SPDX-License-Identifier: GPL-3.0-or-later
// slicer_remarks.hpp - what PrusaSlicer wrote about a file into its comments.
//
// Claims, not facts: the time leaves out heating and homing, and the weight is 0 when the profile
// has no density. Pure.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nearfab::agent {

struct SlicerRemarks {
    std::optional<std::int64_t> seconds;  // "estimated printing time (normal mode)".
    double filament_mm = 0;
    double filament_g = 0;
    std::uint32_t layers = 0;
};

[[nodiscard]] SlicerRemarks remarks_in(std::string_view gcode);

// "1d 4h 17m 56s" in seconds; nothing if it is written otherwise.
[[nodiscard]] std::optional<std::int64_t> duration_from(std::string_view text);

}  // namespace nearfab::agent
