// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/clock.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace nearfab {
namespace {

TEST_CASE("the boot clock never goes back", "[host]") {
    const SystemClock clock;
    TimePoint before = clock.read().boot;
    CHECK(before.time_since_epoch().count() > 0);
    for (int i = 0; i < 1000; ++i) {
        const TimePoint now = clock.read().boot;
        REQUIRE(now >= before);
        before = now;
    }
}

TEST_CASE("the wall clock is the system's calendar time", "[host]") {
    const auto before = std::chrono::system_clock::now();
    const WallTime wall = SystemClock{}.read().wall;
    CHECK(wall >= std::chrono::floor<Duration>(before));
    CHECK(wall <= std::chrono::system_clock::now());
}

TEST_CASE("the boot id is the same for the whole boot", "[host]") {
    const auto id = boot_id();
    REQUIRE(id);
    CHECK(id->size() == 36);
    CHECK(*boot_id() == *id);
}

TEST_CASE("calendar time is written as RFC 3339 in UTC", "[host]") {
    CHECK(rfc3339_utc(WallTime{Duration{1795301500000}}) == "2026-11-21T22:51:40Z");
    CHECK(rfc3339_utc(WallTime{Duration{0}}) == "1970-01-01T00:00:00Z");
    CHECK(rfc3339_utc(WallTime{Duration{951782399999}}) == "2000-02-28T23:59:59Z");
    CHECK(rfc3339_utc(WallTime{Duration{951782400000}}) == "2000-02-29T00:00:00Z");
    CHECK(rfc3339_utc(WallTime{Duration{-1}}) == "1969-12-31T23:59:59Z");
}

}  // namespace
}  // namespace nearfab
