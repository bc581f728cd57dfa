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
// In px.
constexpr std::array<std::pair<std::string_view, double>, 6> length_units{{{"mm", 96 / 25.4},
                                                                           {"cm", 960 / 25.4},
                                                                           {"in", 96},
                                                                           {"pt", 96.0 / 72},
                                                                           {"pc", 16},
                                                                           {"Q", 24 / 25.4}}};

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
    for (const auto& [name, px] : length_units) {
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

// A number of a transform. Style rules give lengths and angles units.
struct Argument {
    double value = 0;     // In px where it is a length.
    double turns = 0;     // As an angle: 360 degrees are one.
    bool length = false;  // Has a unit of length.
    bool angle = false;   // Has a unit of angle.
};

std::optional<Argument> argument(double value, std::string_view unit) {
    if (unit.empty()) return Argument{value, value / 360, false, false};
    static constexpr std::array<std::pair<std::string_view, double>, 4> angles{
        {{"deg", 360}, {"grad", 400}, {"rad", 2 * pi}, {"turn", 1}}};
    for (const auto& [name, full] : angles) {
        if (unit == name) return Argument{value, value / full, false, true};
    }
    if (unit == "px") return Argument{value, 0, true, false};
    for (const auto& [name, px] : length_units) {
        if (unit == name) return Argument{value * px, 0, true, false};
    }
    return std::nullopt;  // Also per cent: of a box that only a browser has.
}

enum class Takes : std::uint8_t { numbers, lengths, angles };

// Which units the arguments of a transform may have; rotate takes an angle and a centre.
bool fits(const std::vector<Argument>& arguments, Takes takes) {
    return std::all_of(arguments.begin(), arguments.end(), [&](const Argument& one) {
        return (!one.length || takes == Takes::lengths) && (!one.angle || takes == Takes::angles);
    });
}

std::optional<Affine> moved(std::string_view name, const std::vector<Argument>& n) {
    if (!fits(n, Takes::lengths)) return std::nullopt;
    const double second = n.size() > 1 ? n[1].value : 0;
    if (name == "translate" && n.size() <= 2) return shift(n[0].value, second);
    if (n.size() != 1) return std::nullopt;
    return name == "translateX"   ? std::optional{shift(n[0].value, 0)}
           : name == "translateY" ? std::optional{shift(0, n[0].value)}
                                  : std::nullopt;
}

std::optional<Affine> scaled(std::string_view name, const std::vector<Argument>& n) {
    if (!fits(n, Takes::numbers)) return std::nullopt;
    if (name == "scale" && n.size() <= 2) return plane::scale(n[0].value, n[n.size() - 1].value);
    if (n.size() != 1) return std::nullopt;
    return name == "scaleX"   ? std::optional{plane::scale(n[0].value, 1)}
           : name == "scaleY" ? std::optional{plane::scale(1, n[0].value)}
                              : std::nullopt;
}

std::optional<Affine> turned(std::string_view name, const std::vector<Argument>& n) {
    if (!fits(n, Takes::angles)) return std::nullopt;
    const double radians = n[0].turns * 2 * pi;
    if (name == "rotate" && n.size() == 1) return turn(radians);
    if (name == "rotate" && n.size() == 3)
        return shift(n[1].value, n[2].value)
            .after(turn(radians))
            .after(shift(-n[1].value, -n[2].value));
    const double other = n.size() > 1 ? std::tan(n[1].turns * 2 * pi) : 0;
    if (name == "skew" && n.size() <= 2) return Affine{1, other, std::tan(radians), 1, 0, 0};
    if (n.size() != 1) return std::nullopt;
    return name == "skewX"   ? std::optional{Affine{1, 0, std::tan(radians), 1, 0, 0}}
           : name == "skewY" ? std::optional{Affine{1, std::tan(radians), 0, 1, 0, 0}}
                             : std::nullopt;
}

std::optional<Affine> one_transform(std::string_view name, const std::vector<Argument>& n) {
    if (n.empty()) return std::nullopt;
    if (name == "matrix") {
        if (n.size() != 6 || !fits(n, Takes::numbers)) return std::nullopt;
        return Affine{n[0].value, n[1].value, n[2].value, n[3].value, n[4].value, n[5].value};
    }
    if (name.starts_with("translate")) return moved(name, n);
    if (name.starts_with("scale")) return scaled(name, n);
    return turned(name, n);
}

// The arguments up to the closing bracket, with it.
std::optional<std::vector<Argument>> arguments_of(SvgScanner& scanner) {
    std::vector<Argument> arguments;
    while (scanner.peek() != ')') {
        const auto number = scanner.number();
        if (!number || arguments.size() == 6) return std::nullopt;
        const std::string_view unit = scanner.word();
        const auto one = argument(*number, unit);
        if (!one) return std::nullopt;
        if (!unit.empty()) scanner.skip_separator();
        arguments.push_back(*one);
    }
    scanner.take();
    return arguments;
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
        const auto arguments = arguments_of(scanner);
        if (!arguments) return std::nullopt;
        scanner.skip_separator();
        const auto next = one_transform(name, *arguments);
        if (!next) return std::nullopt;
        all = all.after(*next);
    }
    return all;
}

std::optional<Vec2> svg_origin(std::string_view text) {
    Vec2 origin;
    std::array<double*, 2> parts{&origin.x, &origin.y};
    text = svg_trimmed(text);
    for (double* const part : parts) {
        if (text.empty() && part == parts[1])
            return std::nullopt;  // The other would be the middle.
        if (text.empty()) return origin;
        const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n"));
        const auto length = svg_length(word);
        if (!length || (length->unit == SvgUnit::percent && length->value != 0))
            return std::nullopt;
        *part = length->value;
        text = svg_trimmed(text.substr(word.size()));
    }
    return svg_length(text).value_or(SvgLength{}).value == 0 ? std::optional{origin} : std::nullopt;
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

}  // namespace nearfab::geometry::flat
