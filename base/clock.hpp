// SPDX-License-Identifier: GPL-3.0-or-later
// clock.hpp - moments and spans of time; types only.
//
// Nobody here asks what time it is. Shells read the clocks (host/clock.hpp) and hand the moment in,
// so the cores are deterministic and tests move time by hand.

#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace nearfab {

using Duration = std::chrono::milliseconds;

// Time since the machine was booted, sleep included (CLOCK_BOOTTIME). It never jumps, so every
// time-out and every right to start is counted on it. It has no meaning on another machine or
// after a reboot.
struct BootClock {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = Duration;
    using time_point = std::chrono::time_point<BootClock, Duration>;
    static constexpr bool is_steady = true;
};
using TimePoint = BootClock::time_point;

// Calendar time (UTC). For people and records only: it jumps, so nothing is decided by it.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

// One reading of both clocks; the time of one turn of an event loop.
struct Moment {
    TimePoint boot;
    WallTime wall;

    friend bool operator==(const Moment&, const Moment&) = default;
};

}  // namespace nearfab
