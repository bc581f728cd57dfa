// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/line_rule.hpp"

#include "base/spelling.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace nearfab {
namespace {

constexpr std::string_view layer_word = "layer:";

// The seven of AutoCAD's palette, and black.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 8> colours{{
    {"red", 0xFF0000},
    {"yellow", 0xFFFF00},
    {"green", 0x00FF00},
    {"cyan", 0x00FFFF},
    {"blue", 0x0000FF},
    {"magenta", 0xFF00FF},
    {"white", 0xFFFFFF},
    {"black", 0x000000},
}};
// By number less one.
constexpr std::array<std::string_view, 4> operations{"cut", "score", "engrave", "ignore"};

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string in_small_letters(std::string_view word) {
    std::string out{word};
    std::transform(out.begin(), out.end(), out.begin(), small);
    return out;
}

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c >= ' ' && c <= '~' ? c : '?';
    return out;
}

// For a message.
std::string quoted(std::string_view text) {
    return "\"" + printable(text.substr(0, layer_name_bytes_max)) + "\"";
}

std::optional<std::uint32_t> hexadecimal(std::string_view digits) {
    std::uint32_t value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    const bool whole = problem == std::errc{} && end == digits.data() + digits.size();
    if (!whole || (digits.size() != 3 && digits.size() != 6)) return std::nullopt;
    if (digits.size() == 6) return value;
    constexpr std::uint32_t twice = 0x11;  // "0f8" is "00ff88".
    return (value >> 8U) * twice << 16U | (value >> 4U & 0xFU) * twice << 8U |
           (value & 0xFU) * twice;
}

std::optional<std::uint32_t> colour_of(const std::string& word) {
    if (word.starts_with('#')) return hexadecimal(std::string_view{word}.substr(1));
    const auto* const found = std::find_if(
        colours.begin(), colours.end(), [&](const auto& known) { return known.first == word; });
    if (found == colours.end()) return std::nullopt;
    return found->second;
}

template <class Names>
std::string like(const std::string& word, const Names& names) {
    const auto meant = nearest_word(word, names);
    return meant ? "did you mean " + *meant + "? Otherwise use " : std::string{"use "};
}

Result<LineOperation> operation_of(std::string_view text, std::string_view word) {
    const std::string name = in_small_letters(word);
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (name == operations.at(i)) return static_cast<LineOperation>(i + 1);
    }
    const std::vector<std::string> names{operations.begin(), operations.end()};
    return fail(ErrorCode::invalid_argument,
                quoted(text) + ": " + quoted(word) + " is nothing that is done along a line",
                like(name, names) + "cut, score, engrave or ignore");
}

Result<std::uint32_t> colour_in(std::string_view text, std::string_view word) {
    const std::string name = in_small_letters(word);
    if (const auto colour = colour_of(name)) return *colour;
    std::vector<std::string> names;
    for (const auto& known : colours)
        names.emplace_back(known.first);
    return fail(ErrorCode::invalid_argument,
                quoted(text) + ": " + quoted(word) + " is no colour",
                like(name, names) +
                    "red, yellow, green, cyan, blue, magenta, black, white or #rrggbb; for a layer "
                    "write layer:NAME");
}

}  // namespace

Result<LineRule> read_line_rule(std::string_view text) {
    const std::size_t sign = text.rfind('=');
    if (sign == std::string_view::npos || text.size() > line_rule_bytes_max) {
        return fail(ErrorCode::invalid_argument,
                    quoted(text) + " says of no lines what is done along them",
                    "write a colour or a layer and what is done, for example red=cut or "
                    "layer:Fold=score");
    }
    const std::string_view which = text.substr(0, sign);
    const auto operation = operation_of(text, text.substr(sign + 1));
    if (!operation) return fail(operation.error());
    LineRule rule;
    rule.operation = *operation;
    if (in_small_letters(which.substr(0, layer_word.size())) != layer_word) {
        const auto colour = colour_in(text, which);
        if (!colour) return fail(colour.error());
        rule.colour = *colour;
        return rule;
    }
    rule.layer = printable(which.substr(layer_word.size()));
    if (rule.layer.empty() || rule.layer.size() > layer_name_bytes_max) {
        return fail(ErrorCode::invalid_argument,
                    quoted(text) + " names no layer",
                    "write its name after the colon, for example layer:Fold=score");
    }
    return rule;
}

std::string to_string(const LineRule& rule) {
    std::string text{layer_word};
    if (rule.colour) {
        constexpr std::string_view digits = "0123456789abcdef";
        text = "#";
        for (unsigned shift = 24; shift > 0; shift -= 4)
            text += digits[*rule.colour >> (shift - 4) & 0xFU];
    } else {
        text += rule.layer;
    }
    const auto number = static_cast<std::size_t>(rule.operation);
    text += '=';
    text += operations.at(number - 1);
    return text;
}

}  // namespace nearfab
