// SPDX-License-Identifier: GPL-3.0-or-later
// time_text.hpp - spans and moments of time, as people write and read them.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nearfab {

// A whole number and a unit: "90s", "30m", "48h", "2d". More than nothing, at most 366 days.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

// "+48h" from now, or RFC 3339 with its offset: "2026-12-24T18:00:00Z", "...T19:00:00+01:00".
[[nodiscard]] Result<WallTime> parse_moment(std::string_view text, WallTime now);

// Rounded to what a person wants to know: "45 s", "12 min", "3 h 05 min", "2 d 4 h".
[[nodiscard]] std::string duration_text(std::int64_t seconds);

// "just now", "12 min ago".
[[nodiscard]] std::string ago_text(WallTime then, WallTime now);

}  // namespace nearfab
