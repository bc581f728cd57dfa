// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/time_text.hpp"

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

std::optional<std::int64_t> unit_seconds(char unit) {
    switch (unit) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        case 'd':
            return day_s;
        default:
            return std::nullopt;
    }
}

// Takes `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const char c = text[i];
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view one_of) {
    if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

// Hours, minutes and seconds; a fraction of a second is dropped, a leap second is the next one.
std::optional<std::chrono::seconds> take_time_of_day(std::string_view& text) {
    const auto hours = take_number(text, 2);
    if (!hours || !take(text, ":")) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || !take(text, ":")) return std::nullopt;
    const auto seconds = take_number(text, 2);
    if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
    if (take(text, ".")) {
        if (!take_number(text, 1)) return std::nullopt;
        while (take_number(text, 1)) {
        }
    }
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
           std::chrono::seconds{*seconds};
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take(text, "Zz")) return std::chrono::minutes{0};
    const int sign = !text.empty() && text.front() == '-' ? -1 : 1;
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || !take(text, ":")) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return sign * (std::chrono::hours{*hours} + std::chrono::minutes{*minutes});
}

std::optional<WallTime> rfc3339_moment(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !take(text, "Tt ")) return std::nullopt;
    const auto time = take_time_of_day(text);
    if (!time) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return WallTime{*date + *time - *offset};
}

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
    const auto unit = text.empty() ? std::nullopt : unit_seconds(text.back());
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
