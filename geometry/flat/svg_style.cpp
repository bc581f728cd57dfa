// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_style.hpp"

#include "geometry/flat/css_colour.hpp"
#include "geometry/flat/svg_values.hpp"

#include <algorithm>

namespace nearfab::geometry::flat {
namespace {

enum Property : std::uint8_t {
    stroke,
    fill,
    color,
    display,
    visibility,
    opacity,
    stroke_opacity,
    fill_opacity,
    stroke_width,
    transform,
    transform_origin
};
constexpr std::array<std::string_view, 11> property_names{"stroke",
                                                          "fill",
                                                          "color",
                                                          "display",
                                                          "visibility",
                                                          "opacity",
                                                          "stroke-opacity",
                                                          "fill-opacity",
                                                          "stroke-width",
                                                          "transform",
                                                          "transform-origin"};
// Longer values are cut: no colour is that long, and a transform that is cannot be understood.
constexpr std::size_t value_bytes = 512;
// A style may hold any number of classes, and uses multiply the work for them.
constexpr std::size_t classes_read = 16;
constexpr std::uint64_t type_rank = 1ULL << 40U;
constexpr std::uint64_t class_rank = 1ULL << 44U;
constexpr std::uint64_t id_rank = 1ULL << 48U;
constexpr std::uint64_t important_rank = 1ULL << 52U;
constexpr std::uint64_t attribute_rank = 1ULL << 50U;

bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// The rank of a selector that is understood; 0 for all others.
std::uint64_t rank_of(std::string_view selector) {
    if (selector == "*") return 1;
    const std::size_t mark = selector.find_first_of(".#");
    const bool has_type = mark != 0 && !selector.empty();
    const std::string_view type = selector.substr(0, mark);
    const std::string_view rest =
        mark == std::string_view::npos ? std::string_view{} : selector.substr(mark + 1);
    const auto plain = [](std::string_view name) {
        return !name.empty() && std::all_of(name.begin(), name.end(), name_character);
    };
    if (has_type && !plain(type)) return 0;
    if (mark == std::string_view::npos) return has_type ? type_rank : 0;
    if (!plain(rest)) return 0;
    return (selector[mark] == '#' ? id_rank : class_rank) + (has_type ? type_rank : 0);
}

// Words that leave a property as it is inherited.
bool inherits(std::string_view text) {
    return text.empty() || css_word(text, "inherit") || css_word(text, "unset");
}

SvgPaint colour_paint(std::string_view text) {
    const auto colour = css_colour(text);
    if (!colour) return {true, std::nullopt, false};
    return {colour->opacity > 0, colour->colour};
}

SvgPaint paint_of(std::string_view text,
                  const SvgPaint& inherited,
                  const SvgPaint& initial,
                  const SvgPaint& current) {
    if (inherits(text)) return inherited;
    if (css_word(text, "initial")) return initial;
    if (css_word(text, "none")) return {};
    if (css_word(text, "currentcolor")) return current;
    // A paint server may be followed by a colour for those who cannot show it.
    const bool served =
        css_word(text.substr(0, 4), "url(") || css_word(text.substr(0, 8), "context-");
    return served ? SvgPaint{true, std::nullopt} : colour_paint(text);
}

// Whether a number, a length or a share is 0 or below. Words and broken values are not.
bool nothing(std::string_view text, bool below) {
    const auto value = SvgScanner{text}.number();
    return value && (below ? *value <= 0 : *value == 0);
}

void take_opacity(bool& opaque, std::string_view text) {
    if (!inherits(text)) opaque = !nothing(text, true);
}

}  // namespace

SvgStyleSheet::SvgStyleSheet(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t comment = text.find("/*", i);
        clean += text.substr(i, comment - i);
        if (comment == std::string_view::npos) break;
        const std::size_t end = text.find("*/", comment + 2);
        i = end == std::string_view::npos ? text.size() : end + 2;
    }
    const std::string_view all = clean;
    std::uint64_t order = 0;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t open = all.find('{', at);
        if (open == std::string_view::npos) break;
        const std::string_view selectors = svg_trimmed(all.substr(at, open - at));
        std::size_t close = all.find('}', open);
        if (close == std::string_view::npos) close = all.size();
        if (selectors.starts_with('@')) {
            ++ignored_;  // Media, fonts and the like; their inner braces are skipped as rules.
        } else {
            add_rule(selectors, all.substr(open + 1, close - open - 1), ++order);
        }
        at = std::min(close + 1, all.size());
    }
}

void SvgStyleSheet::add_rule(std::string_view selectors,
                             std::string_view body,
                             std::uint64_t order) {
    Values declared;
    declare(declared, body, 1);
    const bool matters = std::any_of(
        declared.begin(), declared.end(), [](const Value& value) { return value.rank > 0; });
    while (!selectors.empty() && matters) {
        const std::size_t comma = selectors.find(',');
        const std::string_view selector = svg_trimmed(selectors.substr(0, comma));
        selectors =
            comma == std::string_view::npos ? std::string_view{} : selectors.substr(comma + 1);
        const std::uint64_t rank = rank_of(selector);
        if (rank == 0) {
            ++ignored_;
            continue;
        }
        Values ranked = declared;
        for (Value& value : ranked)
            value.rank = value.rank == 0 ? 0 : value.rank - 1 + rank + order;
        override_by(rules_[std::string{selector}], ranked);
    }
}

void SvgStyleSheet::declare(Values& values, std::string_view body, std::uint64_t rank) {
    while (!body.empty()) {
        const std::size_t end = body.find(';');
        const std::string_view declaration = body.substr(0, end);
        body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
        const std::size_t colon = declaration.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view name = svg_trimmed(declaration.substr(0, colon));
        std::string_view value = svg_trimmed(declaration.substr(colon + 1));
        std::uint64_t own = rank;
        const std::size_t mark = value.rfind('!');
        if (mark != std::string_view::npos &&
            css_word(svg_trimmed(value.substr(mark + 1)), "important")) {
            value = svg_trimmed(value.substr(0, mark));
            own += important_rank;
        }
        for (std::size_t i = 0; i < property_names.size(); ++i) {
            if (css_word(name, property_names[i]) && own >= values[i].rank)
                values[i] = {std::string{value.substr(0, value_bytes)}, own};
        }
    }
}

void SvgStyleSheet::override_by(Values& values, const Values& rule) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (rule[i].rank > 0 && rule[i].rank >= values[i].rank) values[i] = rule[i];
    }
}

void SvgStyleSheet::apply(Values& values, std::string_view selector) const {
    const auto rule = rules_.find(selector);
    if (rule != rules_.end()) override_by(values, rule->second);
}

SvgStyleSheet::Values SvgStyleSheet::values_of(const SvgNode& node) const {
    Values values;
    for (std::size_t i = 0; i < property_names.size(); ++i) {
        if (i == transform) continue;  // An attribute of its own.
        if (const std::string* const text = node.find(property_names[i]))
            values[i] = {std::string{svg_trimmed(*text).substr(0, value_bytes)}, 1};
    }
    if (!rules_.empty()) {
        apply(values, "*");
        apply(values, node.name);
        if (const std::string* const classes = node.find("class")) {
            std::string_view left = svg_trimmed(*classes);
            for (std::size_t i = 0; i < classes_read && !left.empty(); ++i) {
                const std::string_view word = left.substr(0, left.find_first_of(" \t\r\n"));
                left = svg_trimmed(left.substr(word.size()));
                apply(values, "." + std::string{word});
                apply(values, node.name + "." + std::string{word});
            }
        }
        if (const std::string* const id = node.find("id")) {
            apply(values, "#" + *id);
            apply(values, node.name + "#" + *id);
        }
    }
    if (const std::string* const own = node.find("style")) declare(values, *own, attribute_rank);
    return values;
}

SvgStyle SvgStyleSheet::style_of(const SvgNode& node, const SvgStyle& parent) const {
    const Values values = values_of(node);
    const auto text = [&](Property property) -> const std::string& {
        return values[property].text;
    };
    const SvgPaint black{true, Colour{}};
    SvgStyle style = parent;
    style.displayed = !css_word(text(display), "none");
    style.current = paint_of(text(color), parent.current, black, parent.current);
    style.stroke = paint_of(text(stroke), parent.stroke, {}, style.current);
    style.fill = paint_of(text(fill), parent.fill, black, style.current);
    take_opacity(style.stroke_opaque, text(stroke_opacity));
    take_opacity(style.fill_opaque, text(fill_opacity));
    if (!inherits(text(stroke_width))) style.stroke_wide = !nothing(text(stroke_width), false);
    style.opaque = parent.opaque && !nothing(text(opacity), true);
    if (!inherits(text(visibility)))
        style.visible =
            !css_word(text(visibility), "hidden") && !css_word(text(visibility), "collapse");
    style.transform = text(transform);
    style.transform_origin = text(transform_origin);
    return style;
}

}  // namespace nearfab::geometry::flat
