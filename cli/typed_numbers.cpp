// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/typed_numbers.hpp"

#include "proto/model/limits.hpp"
#include "terminal/quantity_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace nearfab::cli {

std::string said(const std::string& message, const std::string& next) {
    return message + "\n" + next;
}

std::string no_quantity(const std::string& text,
                        const std::string& what,
                        const std::string& example) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    if (problem == std::errc{} && stop == end && std::isfinite(number)) return {};
    return said(in_quotes(text) + " is no " + what,
                "give a number without a unit, for example " + example);
}

std::string no_number(const std::string& text, const std::string& example) {
    return no_quantity(text, "number of millimetres", example);
}

std::string no_angle(const std::string& text) {
    if (no_number(text, "").empty()) return {};
    return said(in_quotes(text) + " is no number of degrees",
                "give a number without a unit, for example --step-angular 5");
}

// Numbers too long to be read go on as the largest there is, which is out of every range.
std::string no_whole_number(const std::string& text, const std::string& example) {
    const std::string_view digits = std::string_view{text}.substr(text.starts_with('-') ? 1 : 0);
    const bool whole =
        !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (whole && digits.size() <= 18) return {};
    if (whole) return said(in_quotes(text) + " is out of range: allowed is 1 to 1000", example);
    return said(in_quotes(text) + " is no whole number", example);
}

std::string no_mass(const std::string& text) {
    auto fault = no_quantity(text, "number of grams", "750");
    if (!fault.empty()) return fault;
    double grams = 0;
    std::from_chars(text.data(), text.data() + text.size(), grams);
    if (grams >= 0 && grams <= limits::mass_g_max) return {};
    return said(in_quotes(text) + " is out of range: allowed is 0 to 1000000000",
                "say how many grams are there");
}

std::string no_days(const std::string& text) {
    std::uint32_t days = 0;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, days);
    const bool fine = problem == std::errc{} && stop == end;
    if (fine && days >= 1 && days <= limits::report_days_max) return {};
    return said(in_quotes(text) + " is no number of days from 1 to 366",
                "give a whole number, for example --days 90");
}

}  // namespace nearfab::cli
