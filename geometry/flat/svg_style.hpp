// SPDX-License-Identifier: GPL-3.0-or-later
// svg_style.hpp - what is stroked, filled and shown, from attributes and style rules.

#pragma once

#include "geometry/flat/svg_tree.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::geometry::flat {

struct SvgPaint {
    bool drawn = false;
    std::optional<Colour> colour;  // Empty for gradients, patterns and names that are not known.
};

// What children inherit, and display, which they do not.
struct SvgStyle {
    SvgPaint stroke;
    SvgPaint fill{true, Colour{}};  // Black unless the drawing says otherwise.
    std::optional<Colour> current = Colour{};
    bool visible = true;
    bool displayed = true;
};

// The rules of the style elements whose selectors are *, a type, a class, an id, or a type with a
// class. Other rules are counted, not applied.
class SvgStyleSheet {
public:
    explicit SvgStyleSheet(std::string_view text);

    // The style of an element in its parent's style: style attribute over rules (an id over a
    // class over a type, the later of two alike) over plain attributes.
    [[nodiscard]] SvgStyle style_of(const SvgNode& node, const SvgStyle& parent) const;
    [[nodiscard]] std::uint64_t ignored_rules() const { return ignored_; }

private:
    static constexpr std::size_t properties = 5;  // stroke, fill, color, display, visibility.
    struct Value {
        std::string text;
        std::uint64_t rank = 0;  // Higher wins: specificity first, then order.
    };
    using Values = std::array<Value, properties>;

    void add_rule(std::string_view selectors, std::string_view body, std::uint64_t order);
    static void declare(Values& values, std::string_view body, std::uint64_t rank);
    static void override_by(Values& values, const Values& rule);
    void apply(Values& values, std::string_view selector) const;

    std::map<std::string, Values, std::less<>> rules_;  // By the text of the selector.
    std::uint64_t ignored_ = 0;
};

}  // namespace nearfab::geometry::flat
