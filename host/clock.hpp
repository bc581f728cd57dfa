// SPDX-License-Identifier: GPL-3.0-or-later
// clock.hpp - the machine's two clocks, its current boot, and calendar time as text.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>

namespace nearfab {

// Reads CLOCK_BOOTTIME and CLOCK_REALTIME, cut to milliseconds. Safe from any thread.
class SystemClock {
public:
    [[nodiscard]] Moment read() const;
};

// The kernel's name for the time since the last boot (a UUID). A TimePoint kept on disk means
// nothing once this has changed.
[[nodiscard]] Result<std::string> boot_id();

// RFC 3339 in UTC with whole seconds, cut and not rounded: "2026-11-21T22:51:40Z".
[[nodiscard]] std::string rfc3339_utc(WallTime time);

}  // namespace nearfab
