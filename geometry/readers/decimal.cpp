// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/decimal.hpp"

#include "geometry/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace nearfab::geometry {
namespace {

// No exporter writes longer numbers; the limit keeps a hostile one from costing anything.
constexpr std::size_t longest_number = 128;
constexpr std::size_t shown_characters = 24;

enum class NumberKind : std::uint8_t { finite, not_finite, too_long, no_number };

std::string_view without_plus(std::string_view word) {
    if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.remove_prefix(1);
    return word;
}

NumberKind parse(std::string_view word, double& value) {
    if (word.size() > longest_number) return NumberKind::too_long;
    word = without_plus(word);
    const char* const end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, value);
    if (stop != end || error == std::errc::invalid_argument) return NumberKind::no_number;
    if (error == std::errc::result_out_of_range) {
        // Too small for a double is 0 for a machine; too large is reported like an infinity.
        value = 0;
        const bool tiny =
            word.find("e-") != std::string_view::npos || word.find("E-") != std::string_view::npos;
        return tiny ? NumberKind::finite : NumberKind::not_finite;
    }
    return std::isfinite(value) ? NumberKind::finite : NumberKind::not_finite;
}

Error why_not(NumberKind kind, std::string_view word) {
    constexpr const char* again = "Export the part again, best as 3MF or binary STL";
    if (kind == NumberKind::not_finite) {
        return {ErrorCode::invalid_file,
                "the coordinate " + quoted(word) + " is not a finite number",
                "Repair the mesh in the program it comes from and export it again"};
    }
    if (kind == NumberKind::too_long) {
        return {ErrorCode::invalid_file,
                "a number of " + std::to_string(word.size()) +
                    " characters, more than the limit of " + std::to_string(longest_number),
                again};
    }
    const bool comma = word.find(',') != std::string_view::npos;
    return {ErrorCode::invalid_file,
            quoted(word) + " is not a decimal number",
            comma ? "Export the part again with a decimal point instead of a comma" : again};
}

std::string unit_words(Unit unit) {
    return unit == Unit::unstated ? "" : " (" + to_string(unit) + ")";
}

}  // namespace

Status read_finite(std::string_view word, double& out) {
    double value = 0;
    const NumberKind kind = parse(word, value);
    if (kind != NumberKind::finite) return fail(why_not(kind, word));
    out = value;
    return {};
}

Status read_coordinate(std::string_view word, const ReadLimits& limits, double& out) {
    double value = 0;
    if (Status status = read_finite(word, value); !status) return status;
    value *= millimetres_per(limits.unit);
    if (!(std::abs(value) <= limits.coordinate_mm)) {
        return fail(ErrorCode::too_large,
                    "the coordinate " + quoted(word) + unit_words(limits.unit) +
                        " is beyond the limit of " + number_text(limits.coordinate_mm) + " mm",
                    "Move the part near the origin, check its unit, and export it again");
    }
    out = value;
    return {};
}

std::optional<double> read_number(std::string_view word) {
    double value = 0;
    if (word.empty() || parse(word, value) != NumberKind::finite) return std::nullopt;
    return value;
}

std::optional<std::int64_t> read_integer(std::string_view word) {
    word = without_plus(word);
    std::int64_t value = 0;
    const char* const end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, value);
    if (word.empty() || stop != end || error != std::errc{}) return std::nullopt;
    return value;
}

std::string quoted(std::string_view word) {
    std::string text = "\"";
    for (const char c : word.substr(0, shown_characters))
        text += c >= ' ' && c <= '~' ? c : '?';
    return text + (word.size() > shown_characters ? "...\"" : "\"");
}

std::string line_at(std::string_view text, std::size_t offset) {
    std::size_t line = 1;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        const bool crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        line += (text[i] == '\n' || text[i] == '\r') && !crlf ? 1U : 0U;
    }
    return "line " + std::to_string(line);
}

}  // namespace nearfab::geometry
