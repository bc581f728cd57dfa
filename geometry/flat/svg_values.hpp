// SPDX-License-Identifier: GPL-3.0-or-later
// svg_values.hpp - the values in the attributes of SVG: numbers, lengths, transforms, colours.

#pragma once

#include "geometry/flat/drawing.hpp"
#include "geometry/flat/plane.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nearfab::geometry::flat {

// Walks through a list of numbers as SVG writes them: commas and blanks between them are optional
// wherever a number cannot go on ("1.5.5-3e-2" is 1.5, 0.5 and -0.03).
class SvgScanner {
public:
    explicit SvgScanner(std::string_view text) : text_(text) {}

    void skip_blanks();
    void skip_separator();  // Blanks and at most one comma.
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
    char take() { return text_[at_++]; }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] bool number_follows() const;
    // Empty, without moving, when there is none or it is not finite. Skips a separator after it.
    [[nodiscard]] std::optional<double> number();
    [[nodiscard]] std::optional<bool> flag();  // A single 0 or 1.
    [[nodiscard]] std::string_view word();     // Letters.
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

enum class SvgUnit : std::uint8_t { px, physical, percent };
struct SvgLength {
    double value = 0;  // In px (also the physical ones, at 96 to the inch), or per cent.
    SvgUnit unit = SvgUnit::px;
};
// Empty for anything that is no length of these units (em and ex depend on a font).
[[nodiscard]] std::optional<SvgLength> svg_length(std::string_view text);

inline constexpr double svg_px_mm = 25.4 / 96;

// Of an attribute, or of a style, which gives lengths and angles units ("rotate(0.25turn)"). Empty
// when it is broken, or per cent of something. The first transform of the list is applied last.
[[nodiscard]] std::optional<plane::Affine> svg_transform(std::string_view text);

// Of a transform-origin in px or physical lengths; 0, 0 when there is none. Empty for words and per
// cent, which are of a box that only a browser has.
[[nodiscard]] std::optional<Vec2> svg_origin(std::string_view text);

struct SvgViewBox {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};
// Empty when it is broken or has no area.
[[nodiscard]] std::optional<SvgViewBox> svg_view_box(std::string_view text);

// The map of a viewBox into a rectangle of that size at the origin, as preserveAspectRatio says
// ("" is its default). Empty when that is broken.
[[nodiscard]] std::optional<plane::Affine> svg_fit(const SvgViewBox& box,
                                                   double width,
                                                   double height,
                                                   std::string_view preserve_aspect_ratio);

[[nodiscard]] std::string_view svg_trimmed(std::string_view text);
// The numbers of a list, or empty when it holds anything else.
[[nodiscard]] std::optional<std::vector<double>> svg_numbers(std::string_view text);

}  // namespace nearfab::geometry::flat
