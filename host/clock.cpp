// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/clock.hpp"

#include "base/check.hpp"
#include "host/durable_file.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace nearfab {
namespace {

constexpr std::size_t longest_boot_id = 128;

Duration read_clock(clockid_t clock) {
    timespec time{};
    NEARFAB_CHECK(clock_gettime(clock, &time) == 0, "the kernel has no such clock");
    return std::chrono::floor<Duration>(std::chrono::seconds{time.tv_sec} +
                                        std::chrono::nanoseconds{time.tv_nsec});
}

}  // namespace

Moment SystemClock::read() const {
    return {.boot = TimePoint{read_clock(CLOCK_BOOTTIME)},
            .wall = WallTime{read_clock(CLOCK_REALTIME)}};
}

Result<std::string> boot_id() {
    auto bytes = read_file("/proc/sys/kernel/random/boot_id", longest_boot_id);
    if (!bytes) return fail(bytes.error());
    std::string text{bytes->begin(), bytes->end()};
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

std::string rfc3339_utc(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(),
                                     text.size(),
                                     "%04d-%02u-%02uT%02d:%02d:%02dZ",
                                     static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()),
                                     static_cast<unsigned>(date.day()),
                                     static_cast<int>(clock.hours().count()),
                                     static_cast<int>(clock.minutes().count()),
                                     static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace nearfab
