// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

constexpr std::size_t longest_number = 128;

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Characters of the number at the front of the text; 0 when there is none.
std::size_t number_size(std::string_view text) {
    std::size_t i = 0;
    const auto at = [&](std::size_t k) { return k < text.size() ? text[k] : '\0'; };
    const auto digits = [&] {
        const std::size_t from = i;
        while (digit(at(i)))
            ++i;
        return i > from;
    };
    if (at(i) == '+' || at(i) == '-') ++i;
    bool any = digits();
    if (at(i) == '.' && (any || digit(at(i + 1)))) {
        ++i;
        any = digits() || any;
    }
    if (!any) return 0;
    if (at(i) == 'e' || at(i) == 'E') {
        const std::size_t sign = at(i + 1) == '+' || at(i + 1) == '-' ? 1 : 0;
        // "3em" is a number and a unit.
        if (digit(at(i + 1 + sign))) {
            i += 1 + sign;
            digits();
        }
    }
    return i;
}

std::optional<double> parse(std::string_view number) {
    if (number.size() > longest_number) return std::nullopt;
    if (number.starts_with('+')) number.remove_prefix(1);
    double value = 0;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error == std::errc::result_out_of_range) {
        const std::size_t e = number.find_first_of("eE");
        if (e == std::string_view::npos || number[e + 1] != '-') return std::nullopt;
        return 0;  // Too small for a double is nothing for a machine.
    }
    if (error != std::errc{} || stop != number.data() + number.size()) return std::nullopt;
    return value;
}

}  // namespace

void SvgScanner::skip_blanks() {
    while (!at_end() && blank(text_[at_]))
        ++at_;
}

void SvgScanner::skip_separator() {
    skip_blanks();
    if (peek() != ',') return;
    ++at_;
    skip_blanks();
}

bool SvgScanner::number_follows() const {
    return digit(peek()) || peek() == '+' || peek() == '-' || peek() == '.';
}

std::optional<double> SvgScanner::number() {
    const std::size_t size = number_size(rest());
    const auto value = size > 0 ? parse(rest().substr(0, size)) : std::nullopt;
    if (!value) return std::nullopt;
    at_ += size;
    skip_separator();
    return value;
}

std::optional<bool> SvgScanner::flag() {
    if (peek() != '0' && peek() != '1') return std::nullopt;
    const bool set = take() == '1';
    skip_separator();
    return set;
}

std::string_view SvgScanner::word() {
    const std::size_t from = at_;
    while (letter(peek()))
        ++at_;
    return text_.substr(from, at_ - from);
}

std::string_view svg_trimmed(std::string_view text) {
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::optional<SvgLength> svg_length(std::string_view text) {
    text = svg_trimmed(text);
    const std::size_t size = number_size(text);
    const auto value = size > 0 ? parse(text.substr(0, size)) : std::nullopt;
    if (!value) return std::nullopt;
    const std::string_view unit = text.substr(size);
    if (unit.empty() || unit == "px") return SvgLength{*value, SvgUnit::px};
    if (unit == "%") return SvgLength{*value, SvgUnit::percent};
    static constexpr std::array<std::pair<std::string_view, double>, 6> units{{{"mm", 96 / 25.4},
                                                                               {"cm", 960 / 25.4},
                                                                               {"in", 96},
                                                                               {"pt", 96.0 / 72},
                                                                               {"pc", 16},
                                                                               {"Q", 24 / 25.4}}};
    for (const auto& [name, px] : units) {
        if (unit == name) return SvgLength{*value * px, SvgUnit::physical};
    }
    return std::nullopt;
}

std::optional<std::vector<double>> svg_numbers(std::string_view text) {
    SvgScanner scanner{text};
    scanner.skip_blanks();
    std::vector<double> numbers;
    while (!scanner.at_end()) {
        const auto number = scanner.number();
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

namespace {

std::optional<Affine> one_transform(std::string_view name, const std::vector<double>& n) {
    const auto tangent = [&] { return std::tan(n[0] * pi / 180); };
    if (name == "matrix" && n.size() == 6) return Affine{n[0], n[1], n[2], n[3], n[4], n[5]};
    if (name == "translate" && (n.size() == 1 || n.size() == 2))
        return shift(n[0], n.size() > 1 ? n[1] : 0);
    if (name == "scale" && (n.size() == 1 || n.size() == 2))
        return plane::scale(n[0], n[n.size() - 1]);
    if (name == "rotate" && n.size() == 1) return turn(n[0] * pi / 180);
    if (name == "rotate" && n.size() == 3)
        return shift(n[1], n[2]).after(turn(n[0] * pi / 180)).after(shift(-n[1], -n[2]));
    if (name == "skewX" && n.size() == 1) return Affine{1, 0, tangent(), 1, 0, 0};
    if (name == "skewY" && n.size() == 1) return Affine{1, tangent(), 0, 1, 0, 0};
    return std::nullopt;
}

}  // namespace

std::optional<Affine> svg_transform(std::string_view text) {
    Affine all;
    if (svg_trimmed(text) == "none") return all;
    SvgScanner scanner{text};
    scanner.skip_blanks();
    while (!scanner.at_end()) {
        const std::string_view name = scanner.word();
        scanner.skip_blanks();
        if (scanner.peek() != '(') return std::nullopt;
        scanner.take();
        scanner.skip_blanks();
        std::vector<double> numbers;
        while (scanner.peek() != ')') {
            const auto number = scanner.number();
            if (!number || numbers.size() == 6) return std::nullopt;
            numbers.push_back(*number);
        }
        scanner.take();
        scanner.skip_separator();
        const auto next = one_transform(name, numbers);
        if (!next) return std::nullopt;
        all = all.after(*next);
    }
    return all;
}

std::optional<SvgViewBox> svg_view_box(std::string_view text) {
    const auto n = svg_numbers(text);
    if (!n || n->size() != 4 || !((*n)[2] > 0) || !((*n)[3] > 0)) return std::nullopt;
    return SvgViewBox{(*n)[0], (*n)[1], (*n)[2], (*n)[3]};
}

std::optional<Affine> svg_fit(const SvgViewBox& box,
                              double width,
                              double height,
                              std::string_view preserve_aspect_ratio) {
    double x = width / box.width;
    double y = height / box.height;
    SvgScanner scanner{preserve_aspect_ratio};
    scanner.skip_blanks();
    std::string_view align = scanner.word();
    scanner.skip_blanks();
    if (align == "defer") {
        align = scanner.word();
        scanner.skip_blanks();
    }
    const std::string_view how = scanner.word();
    scanner.skip_blanks();
    if (!scanner.at_end() || (!how.empty() && how != "meet" && how != "slice")) return std::nullopt;
    if (align.empty()) align = "xMidYMid";
    double left_over = 0;  // The part of the free room that lies before the drawing.
    double above = 0;
    if (align != "none") {
        x = y = how == "slice" ? std::max(x, y) : std::min(x, y);
        const auto part = [](std::string_view side) -> std::optional<double> {
            if (side == "Min") return 0;
            if (side == "Mid") return 0.5;
            if (side == "Max") return 1;
            return std::nullopt;
        };
        if (align.size() != 8 || align[0] != 'x' || align[4] != 'Y') return std::nullopt;
        const auto px = part(align.substr(1, 3));
        const auto py = part(align.substr(5, 3));
        if (!px || !py) return std::nullopt;
        left_over = *px * (width - x * box.width);
        above = *py * (height - y * box.height);
    }
    return Affine{x, 0, 0, y, left_over - x * box.x, above - y * box.y};
}

namespace {

std::optional<Colour> hex_colour(std::string_view digits) {
    std::array<std::uint8_t, 3> parts{};
    const bool is_short = digits.size() == 3 || digits.size() == 4;  // The fourth is opacity.
    if (!is_short && digits.size() != 6 && digits.size() != 8) return std::nullopt;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string_view pair = is_short ? digits.substr(i, 1) : digits.substr(2 * i, 2);
        unsigned value = 0;
        const auto [stop, error] =
            std::from_chars(pair.data(), pair.data() + pair.size(), value, 16);
        if (error != std::errc{} || stop != pair.data() + pair.size()) return std::nullopt;
        parts[i] = static_cast<std::uint8_t>(is_short ? value * 17 : value);
    }
    return Colour{parts[0], parts[1], parts[2]};
}

std::optional<Colour> rgb_colour(std::string_view inside) {
    SvgScanner scanner{inside};
    scanner.skip_blanks();
    std::array<std::uint8_t, 3> parts{};
    for (std::uint8_t& part : parts) {
        auto value = scanner.number();
        if (!value) return std::nullopt;
        if (scanner.peek() == '%') {
            scanner.take();
            scanner.skip_separator();
            value = *value * 2.55;
        }
        part = static_cast<std::uint8_t>(std::lround(std::clamp(*value, 0.0, 255.0)));
    }
    return Colour{parts[0], parts[1], parts[2]};
}

}  // namespace

std::optional<Colour> svg_colour(std::string_view text) {
    text = svg_trimmed(text);
    if (text.starts_with('#')) return hex_colour(text.substr(1));
    if (text.starts_with("rgb(") && text.ends_with(')'))
        return rgb_colour(text.substr(4, text.size() - 5));
    static constexpr std::array<std::pair<std::string_view, Colour>, 20> names{
        {{"black", {0, 0, 0}},       {"silver", {192, 192, 192}}, {"gray", {128, 128, 128}},
         {"grey", {128, 128, 128}},  {"white", {255, 255, 255}},  {"maroon", {128, 0, 0}},
         {"red", {255, 0, 0}},       {"purple", {128, 0, 128}},   {"fuchsia", {255, 0, 255}},
         {"magenta", {255, 0, 255}}, {"green", {0, 128, 0}},      {"lime", {0, 255, 0}},
         {"olive", {128, 128, 0}},   {"yellow", {255, 255, 0}},   {"orange", {255, 165, 0}},
         {"navy", {0, 0, 128}},      {"blue", {0, 0, 255}},       {"teal", {0, 128, 128}},
         {"aqua", {0, 255, 255}},    {"cyan", {0, 255, 255}}}};
    for (const auto& [name, colour] : names) {
        if (text == name) return colour;
    }
    return std::nullopt;
}

}  // namespace nearfab::geometry::flat
