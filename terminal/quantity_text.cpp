// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/quantity_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <system_error>
#include <vector>

namespace nearfab {
namespace {

// Of the character that the text begins with; 0 when its bytes are no UTF-8 (RFC 3629).
std::size_t character_bytes(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const std::size_t bytes = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((at(i) & 0xC0U) != 0x80U) return 0;
    }
    const bool too_long = (first == 0xE0 && at(1) < 0xA0) || (first == 0xF0 && at(1) < 0x90);
    const bool surrogate = first == 0xED && at(1) >= 0xA0;
    const bool beyond = first == 0xF4 && at(1) >= 0x90;
    return too_long || surrogate || beyond ? 0 : bytes;
}

// "1.60" becomes "1.6", "2.00" becomes "2.0".
std::string without_zeros(std::string number) {
    const std::size_t point = number.find('.');
    if (point == std::string::npos) return number;
    while (number.back() == '0' && number.size() > point + 2)
        number.pop_back();
    return number;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

struct WrittenNumber {
    double value = 0;
    std::size_t letters = 0;
    bool whole = true;
};

// At the beginning of the text, unless it goes on as a name or a version.
std::optional<WrittenNumber> number_at(std::string_view text) {
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || !is_digit(digits.front())) return std::nullopt;
    WrittenNumber number;
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), number.value);
    if (problem != std::errc{}) return std::nullopt;
    number.letters = static_cast<std::size_t>(end - text.data());
    if (text[number.letters - 1] == '.') --number.letters;  // That of the sentence.
    number.whole = text.substr(0, number.letters).find_first_of(".e") == std::string_view::npos;
    const std::string_view rest = text.substr(number.letters);
    const bool sentence_ends = rest.starts_with('.') && (rest.size() < 2 || !is_of_name(rest[1]));
    if (!rest.empty() && is_of_name(rest.front()) && !sentence_ends) return std::nullopt;
    return number;
}

// The numbers of a place, with ", " between them.
std::vector<double> numbers_at(std::string_view text, std::size_t& letters) {
    std::vector<double> numbers;
    letters = 0;
    while (const auto number = number_at(text.substr(letters + (numbers.empty() ? 0 : 2)))) {
        letters += number->letters + (numbers.empty() ? 0 : 2);
        numbers.push_back(number->value);
        if (!text.substr(letters).starts_with(", ")) break;
    }
    return numbers;
}

}  // namespace

std::string length_number(double mm) {
    const double size = std::abs(mm);
    if (size == 0 || size >= 10 || !std::isfinite(mm)) return fixed(mm, 1);
    if (size >= 1) return without_zeros(fixed(mm, 2));
    if (size >= 1e-5) return without_zeros(fixed(mm, decimals_below_one(mm)));
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), mm, std::chars_format::general, 2);
    return {text.data(), end.ptr};
}

std::string length_text(double mm) {
    return length_number(mm) + " mm";
}

std::string size_text(std::initializer_list<double> sides_mm) {
    std::string text;
    for (const double side : sides_mm)
        text += (text.empty() ? "" : " x ") + length_number(side);
    return text + " mm";
}

std::string volume_text(double mm3) {
    return mm3 >= 100 ? fixed(mm3 / 1000, 2) + " cm3" : length_number(mm3) + " mm3";
}

std::string area_text(double mm2) {
    return mm2 >= 100 ? fixed(mm2 / 100, 1) + " cm2" : length_number(mm2) + " mm2";
}

std::string with_short_numbers(std::string_view sentence) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < sentence.size();) {
        const bool within = i > 0 && (is_of_name(sentence[i - 1]) || sentence[i - 1] == '-');
        const std::string_view rest = sentence.substr(i);
        const auto number = quoted || within ? std::nullopt : number_at(rest);
        if (!number) {
            quoted = quoted != (sentence[i] == '"');
            out += sentence[i++];
            continue;
        }
        std::size_t letters = number->letters;
        std::size_t letters_of_place = 0;
        const std::vector<double> place = numbers_at(rest, letters_of_place);
        if (place.size() > 1 && (out.ends_with("at ") || out.ends_with("at ("))) {
            out += joined_numbers(place);
            letters = letters_of_place;
        } else {
            const std::string brief = length_number(number->value);
            const bool longer = number->whole || brief.size() >= letters;
            out += longer ? std::string{rest.substr(0, letters)} : brief;
        }
        i += letters;
    }
    return out;
}

std::string distance_text(double km) {
    if (km < 0.9995) return fixed(km * 1000, 0) + " m";
    return fixed(km, km < 99.95 ? 1 : 0) + " km";
}

std::string mass_text(double g) {
    if (g >= 999.5) return fixed(g / 1000, 2) + " kg";
    return fixed(g, g < 9.95 ? 1 : 0) + " g";
}

std::string bytes_text(std::uint64_t bytes) {
    const auto number = static_cast<double>(bytes);
    if (bytes < 1000) return std::to_string(bytes) + " B";
    if (bytes < 1'000'000) return fixed(number / 1e3, 1) + " kB";
    return fixed(number / 1e6, 1) + " MB";
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t bytes = character_bytes(text);
        const auto first = static_cast<unsigned char>(text.front());
        // U+0080 to U+009F: control characters of one more set.
        const bool control =
            first < 0x20 || first == 0x7F ||
            (bytes == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0);
        if (bytes == 0 || control) {
            out += '?';
        } else {
            out += text.substr(0, bytes);
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

std::string in_quotes(std::string_view text) {
    return "\"" + printable(text) + "\"";
}

}  // namespace nearfab
