// SPDX-License-Identifier: GPL-3.0-or-later
// time_words.hpp - moments and units of time as people and programs write them.

#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nearfab {

// RFC 3339 with its offset: "2026-12-24T18:00:00Z", "...T19:00:00+01:00". What is finer than
// milliseconds is dropped. Nothing for anything else.
[[nodiscard]] std::optional<WallTime> rfc3339_moment(std::string_view text);

// Of s, m, h and d.
[[nodiscard]] std::optional<std::int64_t> span_unit_seconds(char unit);

}  // namespace nearfab
