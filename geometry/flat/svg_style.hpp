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
    std::optional<Colour> colour;  // Empty for gradients, patterns and colours not understood.
    bool understood = true;        // False for a colour of a form that is not known.
};

// What children inherit, and display and transform, which they do not.
struct SvgStyle {
    SvgPaint stroke;
    SvgPaint fill{true, Colour{}};  // Black unless the drawing says otherwise.
    SvgPaint current{true, Colour{}};
    bool stroke_opaque = true;  // False when nothing of a stroke is to be seen.
    bool fill_opaque = true;
    bool stroke_wide = true;  // False for a width of 0.
    bool opaque = true;       // Itself and all round it.
    bool visible = true;
    bool displayed = true;
    std::string transform;         // Of a style, which goes before the attribute.
    std::string transform_origin;  // Also for the attribute.

    [[nodiscard]] bool strokes() const {
        return stroke.drawn && stroke_opaque && stroke_wide && opaque;
    }
    [[nodiscard]] bool fills() const { return fill.drawn && fill_opaque && opaque; }
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
    static constexpr std::size_t properties = 11;
    struct Value {
        std::string text;
        std::uint64_t rank = 0;  // Higher wins: specificity first, then order.
    };
    using Values = std::array<Value, properties>;

    void add_rule(std::string_view selectors, std::string_view body, std::uint64_t order);
    Values values_of(const SvgNode& node) const;
    static void declare(Values& values, std::string_view body, std::uint64_t rank);
    static void override_by(Values& values, const Values& rule);
    void apply(Values& values, std::string_view selector) const;

    std::map<std::string, Values, std::less<>> rules_;  // By the text of the selector.
    std::uint64_t ignored_ = 0;
};

}  // namespace nearfab::geometry::flat
