// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/css_colour.hpp"

#include "geometry/flat/svg_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <system_error>
#include <utility>

namespace nearfab::geometry::flat {
namespace {

struct Named {
    std::string_view name;
    unsigned rgb = 0;
};

// Sorted. https://www.w3.org/TR/css-color-4/#named-colors
constexpr std::array<Named, 148> names{{
    {"aliceblue", 0xF0F8FF},
    {"antiquewhite", 0xFAEBD7},
    {"aqua", 0x00FFFF},
    {"aquamarine", 0x7FFFD4},
    {"azure", 0xF0FFFF},
    {"beige", 0xF5F5DC},
    {"bisque", 0xFFE4C4},
    {"black", 0x000000},
    {"blanchedalmond", 0xFFEBCD},
    {"blue", 0x0000FF},
    {"blueviolet", 0x8A2BE2},
    {"brown", 0xA52A2A},
    {"burlywood", 0xDEB887},
    {"cadetblue", 0x5F9EA0},
    {"chartreuse", 0x7FFF00},
    {"chocolate", 0xD2691E},
    {"coral", 0xFF7F50},
    {"cornflowerblue", 0x6495ED},
    {"cornsilk", 0xFFF8DC},
    {"crimson", 0xDC143C},
    {"cyan", 0x00FFFF},
    {"darkblue", 0x00008B},
    {"darkcyan", 0x008B8B},
    {"darkgoldenrod", 0xB8860B},
    {"darkgray", 0xA9A9A9},
    {"darkgreen", 0x006400},
    {"darkgrey", 0xA9A9A9},
    {"darkkhaki", 0xBDB76B},
    {"darkmagenta", 0x8B008B},
    {"darkolivegreen", 0x556B2F},
    {"darkorange", 0xFF8C00},
    {"darkorchid", 0x9932CC},
    {"darkred", 0x8B0000},
    {"darksalmon", 0xE9967A},
    {"darkseagreen", 0x8FBC8F},
    {"darkslateblue", 0x483D8B},
    {"darkslategray", 0x2F4F4F},
    {"darkslategrey", 0x2F4F4F},
    {"darkturquoise", 0x00CED1},
    {"darkviolet", 0x9400D3},
    {"deeppink", 0xFF1493},
    {"deepskyblue", 0x00BFFF},
    {"dimgray", 0x696969},
    {"dimgrey", 0x696969},
    {"dodgerblue", 0x1E90FF},
    {"firebrick", 0xB22222},
    {"floralwhite", 0xFFFAF0},
    {"forestgreen", 0x228B22},
    {"fuchsia", 0xFF00FF},
    {"gainsboro", 0xDCDCDC},
    {"ghostwhite", 0xF8F8FF},
    {"gold", 0xFFD700},
    {"goldenrod", 0xDAA520},
    {"gray", 0x808080},
    {"green", 0x008000},
    {"greenyellow", 0xADFF2F},
    {"grey", 0x808080},
    {"honeydew", 0xF0FFF0},
    {"hotpink", 0xFF69B4},
    {"indianred", 0xCD5C5C},
    {"indigo", 0x4B0082},
    {"ivory", 0xFFFFF0},
    {"khaki", 0xF0E68C},
    {"lavender", 0xE6E6FA},
    {"lavenderblush", 0xFFF0F5},
    {"lawngreen", 0x7CFC00},
    {"lemonchiffon", 0xFFFACD},
    {"lightblue", 0xADD8E6},
    {"lightcoral", 0xF08080},
    {"lightcyan", 0xE0FFFF},
    {"lightgoldenrodyellow", 0xFAFAD2},
    {"lightgray", 0xD3D3D3},
    {"lightgreen", 0x90EE90},
    {"lightgrey", 0xD3D3D3},
    {"lightpink", 0xFFB6C1},
    {"lightsalmon", 0xFFA07A},
    {"lightseagreen", 0x20B2AA},
    {"lightskyblue", 0x87CEFA},
    {"lightslategray", 0x778899},
    {"lightslategrey", 0x778899},
    {"lightsteelblue", 0xB0C4DE},
    {"lightyellow", 0xFFFFE0},
    {"lime", 0x00FF00},
    {"limegreen", 0x32CD32},
    {"linen", 0xFAF0E6},
    {"magenta", 0xFF00FF},
    {"maroon", 0x800000},
    {"mediumaquamarine", 0x66CDAA},
    {"mediumblue", 0x0000CD},
    {"mediumorchid", 0xBA55D3},
    {"mediumpurple", 0x9370DB},
    {"mediumseagreen", 0x3CB371},
    {"mediumslateblue", 0x7B68EE},
    {"mediumspringgreen", 0x00FA9A},
    {"mediumturquoise", 0x48D1CC},
    {"mediumvioletred", 0xC71585},
    {"midnightblue", 0x191970},
    {"mintcream", 0xF5FFFA},
    {"mistyrose", 0xFFE4E1},
    {"moccasin", 0xFFE4B5},
    {"navajowhite", 0xFFDEAD},
    {"navy", 0x000080},
    {"oldlace", 0xFDF5E6},
    {"olive", 0x808000},
    {"olivedrab", 0x6B8E23},
    {"orange", 0xFFA500},
    {"orangered", 0xFF4500},
    {"orchid", 0xDA70D6},
    {"palegoldenrod", 0xEEE8AA},
    {"palegreen", 0x98FB98},
    {"paleturquoise", 0xAFEEEE},
    {"palevioletred", 0xDB7093},
    {"papayawhip", 0xFFEFD5},
    {"peachpuff", 0xFFDAB9},
    {"peru", 0xCD853F},
    {"pink", 0xFFC0CB},
    {"plum", 0xDDA0DD},
    {"powderblue", 0xB0E0E6},
    {"purple", 0x800080},
    {"rebeccapurple", 0x663399},
    {"red", 0xFF0000},
    {"rosybrown", 0xBC8F8F},
    {"royalblue", 0x4169E1},
    {"saddlebrown", 0x8B4513},
    {"salmon", 0xFA8072},
    {"sandybrown", 0xF4A460},
    {"seagreen", 0x2E8B57},
    {"seashell", 0xFFF5EE},
    {"sienna", 0xA0522D},
    {"silver", 0xC0C0C0},
    {"skyblue", 0x87CEEB},
    {"slateblue", 0x6A5ACD},
    {"slategray", 0x708090},
    {"slategrey", 0x708090},
    {"snow", 0xFFFAFA},
    {"springgreen", 0x00FF7F},
    {"steelblue", 0x4682B4},
    {"tan", 0xD2B48C},
    {"teal", 0x008080},
    {"thistle", 0xD8BFD8},
    {"tomato", 0xFF6347},
    {"turquoise", 0x40E0D0},
    {"violet", 0xEE82EE},
    {"wheat", 0xF5DEB3},
    {"white", 0xFFFFFF},
    {"whitesmoke", 0xF5F5F5},
    {"yellow", 0xFFFF00},
    {"yellowgreen", 0x9ACD32},
}};

char small_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

Colour colour_of(unsigned rgb) {
    return {static_cast<std::uint8_t>(rgb >> 16U & 0xFFU),
            static_cast<std::uint8_t>(rgb >> 8U & 0xFFU),
            static_cast<std::uint8_t>(rgb & 0xFFU)};
}

std::optional<CssColour> named(std::string_view text) {
    constexpr std::size_t longest = 20;
    if (text.size() > longest) return std::nullopt;
    std::array<char, longest> small{};
    std::transform(text.begin(), text.end(), small.begin(), small_letter);
    const std::string_view name{small.data(), text.size()};
    if (name == "transparent") return CssColour{{}, 0};
    const auto* const found = std::lower_bound(
        names.begin(), names.end(), name, [](const Named& one, std::string_view wanted) {
            return one.name < wanted;
        });
    if (found == names.end() || found->name != name) return std::nullopt;
    return CssColour{colour_of(found->rgb), 1};
}

std::optional<CssColour> hexadecimal(std::string_view digits) {
    const bool brief = digits.size() == 3 || digits.size() == 4;
    if (!brief && digits.size() != 6 && digits.size() != 8) return std::nullopt;
    std::array<unsigned, 4> parts{0, 0, 0, 255};
    const std::size_t width = brief ? 1 : 2;
    for (std::size_t i = 0; i * width < digits.size(); ++i) {
        const std::string_view pair = digits.substr(i * width, width);
        const char* const end = pair.data() + pair.size();
        const auto [stop, error] = std::from_chars(pair.data(), end, parts[i], 16);
        if (error != std::errc{} || stop != end) return std::nullopt;
        if (brief) parts[i] *= 17;
    }
    return CssColour{colour_of(parts[0] << 16U | parts[1] << 8U | parts[2]), parts[3] / 255.0};
}

struct Part {
    double value = 0;
    std::string_view unit;  // As written: "", "%", "deg", ...
};

// The three or four parts in the brackets, with commas or blanks between them, and a comma or a
// slash before the opacity.
std::optional<std::array<std::optional<Part>, 4>> parts_in(std::string_view inside) {
    SvgScanner scanner{inside};
    scanner.skip_blanks();
    std::array<std::optional<Part>, 4> parts;
    for (std::size_t i = 0; i < parts.size() && !scanner.at_end(); ++i) {
        if (i == 3 && scanner.peek() == '/') {
            scanner.take();
            scanner.skip_blanks();
        }
        if (css_word(scanner.rest().substr(0, 4), "none")) {  // Of the newer form: nothing of it.
            static_cast<void>(scanner.word());
            scanner.skip_separator();
            parts[i] = Part{};
            continue;
        }
        const auto value = scanner.number();
        if (!value) return std::nullopt;
        Part part{*value, {}};
        if (scanner.peek() == '%') {
            part.unit = scanner.rest().substr(0, 1);
            scanner.take();
        } else {
            part.unit = scanner.word();
        }
        if (!part.unit.empty()) scanner.skip_separator();
        parts[i] = part;
    }
    if (!scanner.at_end() || !parts[2]) return std::nullopt;
    return parts;
}

// Of a number that is 1 at the given full value, or per cent; clamped to 0 to 1.
std::optional<double> share(const std::optional<Part>& part, double full) {
    if (!part) return 1;
    if (part->unit == "%") return std::clamp(part->value / 100, 0.0, 1.0);
    if (!part->unit.empty()) return std::nullopt;
    return std::clamp(part->value / full, 0.0, 1.0);
}

std::uint8_t byte_of(double share) {
    return static_cast<std::uint8_t>(std::lround(share * 255));
}

std::optional<CssColour> rgb(std::string_view inside) {
    const auto parts = parts_in(inside);
    if (!parts) return std::nullopt;
    const auto red = share((*parts)[0], 255);
    const auto green = share((*parts)[1], 255);
    const auto blue = share((*parts)[2], 255);
    const auto opacity = share((*parts)[3], 1);
    if (!red || !green || !blue || !opacity) return std::nullopt;
    return CssColour{{byte_of(*red), byte_of(*green), byte_of(*blue)}, *opacity};
}

// In turns, 0 to 1.
std::optional<double> hue_of(const Part& part) {
    static constexpr std::array<std::pair<std::string_view, double>, 5> units{
        {{"", 360}, {"deg", 360}, {"grad", 400}, {"rad", 2 * std::numbers::pi}, {"turn", 1}}};
    for (const auto& [unit, full] : units) {
        if (!css_word(part.unit, unit)) continue;
        const double turns = part.value / full;
        return turns - std::floor(turns);
    }
    return std::nullopt;
}

std::optional<CssColour> hsl(std::string_view inside) {
    const auto parts = parts_in(inside);
    if (!parts) return std::nullopt;
    const auto hue = hue_of(*(*parts)[0]);
    const auto saturation = share((*parts)[1], 100);
    const auto lightness = share((*parts)[2], 100);
    const auto opacity = share((*parts)[3], 1);
    if (!hue || !saturation || !lightness || !opacity) return std::nullopt;
    const double strength = *saturation * std::min(*lightness, 1 - *lightness);
    const auto channel = [&](double shift) {
        const double k = std::fmod(shift + *hue * 12, 12.0);
        return byte_of(*lightness - strength * std::clamp(std::min(k - 3, 9 - k), -1.0, 1.0));
    };
    return CssColour{{channel(0), channel(8), channel(4)}, *opacity};
}

}  // namespace

bool css_word(std::string_view text, std::string_view small) {
    return std::equal(text.begin(), text.end(), small.begin(), small.end(), [](char a, char b) {
        return small_letter(a) == b;
    });
}

std::optional<CssColour> css_colour(std::string_view text) {
    text = svg_trimmed(text);
    if (text.starts_with('#')) return hexadecimal(text.substr(1));
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos) return named(text);
    if (!text.ends_with(')')) return std::nullopt;
    const std::string_view function = text.substr(0, open);
    const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
    if (css_word(function, "rgb") || css_word(function, "rgba")) return rgb(inside);
    if (css_word(function, "hsl") || css_word(function, "hsla")) return hsl(inside);
    return std::nullopt;
}

}  // namespace nearfab::geometry::flat
