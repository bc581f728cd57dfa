// SPDX-License-Identifier: GPL-3.0-or-later
// css_colour.hpp - colours as CSS writes them: names, #rgb, rgb(), hsl(), with and without opacity.
//
// Names and functions in capital or small letters. Those of CSS Color Module Level 4 that give
// sRGB by themselves; not hwb(), lab(), lch(), oklab(), oklch(), color() and the system's colours.

#pragma once

#include "geometry/colour.hpp"

#include <optional>
#include <string_view>

namespace nearfab::geometry::flat {

struct CssColour {
    Colour colour;
    double opacity = 1;  // 0 to 1.
};

// "#f00", "#ff000080", "Lime", "rgba(255, 0, 0, 0.5)", "hsl(120deg 100% 50% / 50%)",
// "transparent"; empty for anything else.
[[nodiscard]] std::optional<CssColour> css_colour(std::string_view text);

// Whether two words are the same but for capital and small letters. REQUIRES: `small` is in small
// letters.
[[nodiscard]] bool css_word(std::string_view text, std::string_view small);

}  // namespace nearfab::geometry::flat
