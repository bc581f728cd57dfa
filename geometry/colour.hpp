// SPDX-License-Identifier: GPL-3.0-or-later
// colour.hpp - a colour as a screen shows it (sRGB), of a line in a drawing or of a pixel.

#pragma once

#include <compare>
#include <cstdint>

namespace nearfab::geometry {

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    friend auto operator<=>(const Colour&, const Colour&) = default;
};

}  // namespace nearfab::geometry
