// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/time_text.hpp"

#include "host/clock.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

const WallTime now{std::chrono::seconds{1'700'000'000}};  // 2023-11-14T22:13:20Z

std::string moment(std::string_view text) {
    const auto found = parse_moment(text, now);
    return found ? rfc3339_utc(*found) : "no: " + found.error().message;
}

}  // namespace

TEST_CASE("spans of time have a whole number and a unit") {
    CHECK(parse_duration("90s").value() == std::chrono::seconds{90});
    CHECK(parse_duration("30m").value() == std::chrono::minutes{30});
    CHECK(parse_duration("48h").value() == std::chrono::hours{48});
    CHECK(parse_duration("2d").value() == std::chrono::hours{48});
    for (const char* text :
         {"", "5", "h", "1.5h", "-1h", "0s", "367d", "1w", "99999999999999999d"}) {
        INFO(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
}

TEST_CASE("moments are RFC 3339 with an offset, or counted from now") {
    CHECK(moment("2026-12-24T18:00:00Z") == "2026-12-24T18:00:00Z");
    CHECK(moment("2026-12-24T18:00:00+01:00") == "2026-12-24T17:00:00Z");
    CHECK(moment("2026-12-24 18:00:00.25-05:30") == "2026-12-24T23:30:00Z");
    CHECK(moment("+48h") == "2023-11-16T22:13:20Z");
    for (const char* text : {"",
                             "tomorrow",
                             "2026-12-24",
                             "2026-12-24T18:00:00",
                             "2026-02-30T18:00:00Z",
                             "2026-12-24T25:00:00Z",
                             "2026-12-24T18:00:00Zulu",
                             "2026-12-24T18:00:00.Z",
                             "+"}) {
        INFO(text);
        CHECK_FALSE(parse_moment(text, now).has_value());
    }
}

TEST_CASE("spans read as people say them") {
    CHECK(duration_text(0) == "0 s");
    CHECK(duration_text(-5) == "0 s");
    CHECK(duration_text(59) == "59 s");
    CHECK(duration_text(90) == "2 min");
    CHECK(duration_text(3 * 3600 + 300) == "3 h 05 min");
    CHECK(duration_text(3599) == "1 h 00 min");
    CHECK(duration_text(52 * 3600) == "2 d 4 h");
    CHECK(ago_text(now - std::chrono::seconds{2}, now) == "just now");
    CHECK(ago_text(now + std::chrono::hours{1}, now) == "just now");
    CHECK(ago_text(now - std::chrono::minutes{12}, now) == "12 min ago");
}

}  // namespace nearfab::cli
