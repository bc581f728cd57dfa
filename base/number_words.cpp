// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/number_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace nearfab {

int decimals_below_one(double number) {
    return std::min(6, 1 - static_cast<int>(std::floor(std::log10(std::abs(number)))));
}

std::string fixed(double number, int decimals) {
    if (!std::isfinite(number)) return "?";
    std::array<char, 400> text{};  // The longest double has 309 digits before the point.
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), number, std::chars_format::fixed, decimals);
    std::string out{text.data(), end.ptr};
    if (out.starts_with('-') && out.find_first_not_of("-0.") == std::string::npos) out.erase(0, 1);
    return out;
}

std::string joined_numbers(const std::vector<double>& numbers) {
    double largest = 0;
    for (const double number : numbers)
        largest = std::max(largest, std::abs(number));
    const int decimals = largest > 0 && largest < 1 ? decimals_below_one(largest) : 1;
    std::string text;
    for (const double number : numbers)
        text += (text.empty() ? "" : ", ") + fixed(number, decimals);
    return text;
}

std::string at_text(std::initializer_list<double> place_mm) {
    return "at " + joined_numbers(place_mm);
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
    return std::to_string(count) + " " + std::string{count == 1 ? singular : plural};
}

}  // namespace nearfab
