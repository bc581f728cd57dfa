// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/time_text.hpp"

#include "base/time_words.hpp"
#include "terminal/quantity_text.hpp"

#include <charconv>
#include <optional>

namespace nearfab {
namespace {

constexpr std::int64_t day_s = 86'400;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
    const auto unit = text.empty() ? std::nullopt : span_unit_seconds(text.back());
    const auto number =
        unit ? whole_number(text.substr(0, text.size() - 1)) : std::optional<std::int64_t>{};
    if (!number) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(text) + " is no span of time",
                    "write a whole number and s, m, h or d, for example 48h");
    }
    constexpr std::int64_t days_max = 366;
    if (*number <= 0 || *number > days_max * day_s / *unit) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(text) + " is out of range: allowed is more than nothing up to 366d",
                    "give a span within that range");
    }
    return std::chrono::seconds{*number * *unit};
}

Result<WallTime> parse_moment(std::string_view text, WallTime now) {
    if (text.starts_with('+')) {
        const auto span = parse_duration(text.substr(1));
        if (!span) return fail(span.error());
        return now + *span;
    }
    const auto moment = rfc3339_moment(text);
    if (!moment) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(text) + " is no moment in time",
                    "write it like 2026-12-24T18:00:00Z, or +48h for 48 hours from now");
    }
    return *moment;
}

std::string duration_text(std::int64_t seconds) {
    if (seconds < 0) seconds = 0;
    if (seconds < 60) return std::to_string(seconds) + " s";
    const std::int64_t minutes = (seconds + 30) / 60;
    if (minutes < 60) return std::to_string(minutes) + " min";
    if (minutes < 24 * 60) {
        return std::to_string(minutes / 60) + " h " + two_digits(minutes % 60) + " min";
    }
    const std::int64_t hours = (minutes + 30) / 60;
    return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
}

std::string ago_text(WallTime then, WallTime now) {
    const std::int64_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
    return seconds < 5 ? "just now" : duration_text(seconds) + " ago";
}

}  // namespace nearfab
