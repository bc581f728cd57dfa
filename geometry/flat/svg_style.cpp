// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_style.hpp"

#include "geometry/flat/svg_values.hpp"

#include <algorithm>

namespace nearfab::geometry::flat {
namespace {

constexpr std::array<std::string_view, 5> property_names{
    "stroke", "fill", "color", "display", "visibility"};
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

SvgPaint paint_of(std::string_view text, const SvgPaint& inherited, const SvgStyle& style) {
    if (text == "inherit") return inherited;
    if (text == "none" || text == "transparent") return {};
    if (text == "currentColor") return {true, style.current};
    // A paint server may be followed by a colour for those who cannot show it.
    return {true, svg_colour(text)};
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
        if (value.ends_with("!important")) {
            value = svg_trimmed(value.substr(0, value.size() - 10));
            own += important_rank;
        }
        for (std::size_t i = 0; i < property_names.size(); ++i) {
            if (name == property_names[i] && own >= values[i].rank)
                values[i] = {std::string{value.substr(0, 64)}, own};
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

SvgStyle SvgStyleSheet::style_of(const SvgNode& node, const SvgStyle& parent) const {
    Values values;
    for (std::size_t i = 0; i < property_names.size(); ++i) {
        if (const std::string* const text = node.find(property_names[i]))
            values[i] = {std::string{svg_trimmed(*text).substr(0, 64)}, 1};
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

    SvgStyle style = parent;
    style.displayed = values[3].text != "none";
    if (const std::string& colour = values[2].text; !colour.empty() && colour != "inherit")
        style.current = svg_colour(colour);
    if (!values[0].text.empty()) style.stroke = paint_of(values[0].text, parent.stroke, style);
    if (!values[1].text.empty()) style.fill = paint_of(values[1].text, parent.fill, style);
    if (const std::string& shown = values[4].text; !shown.empty() && shown != "inherit")
        style.visible = shown == "visible";
    return style;
}

}  // namespace nearfab::geometry::flat
