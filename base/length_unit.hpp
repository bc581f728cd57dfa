// SPDX-License-Identifier: GPL-3.0-or-later
// length_unit.hpp - the units of length that design files use.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab {

// The numbers are those of the protocol.
enum class LengthUnit : std::uint8_t {
    unstated = 0,  // Nobody says.
    micron = 1,
    millimetre = 2,
    centimetre = 3,
    inch = 4,
    foot = 5,
    metre = 6,
    // Of pages that state no size:
    pixel = 7,     // 1/96 inch, as the standards for the web say.
    pixel_90 = 8,  // 1/90 inch: Inkscape before 0.92.
    point = 9,     // 1/72 inch: Adobe Illustrator.
};
inline constexpr LengthUnit last_length_unit = LengthUnit::point;

// The stable lower-case name used in JSON ("millimetre", "unstated").
[[nodiscard]] std::string to_string(LengthUnit unit);
[[nodiscard]] double millimetres_per(LengthUnit unit);  // 1 for unstated.

// The unit of that name or sign, in capital or small letters: um, mm, cm, m, in, ft, px, px90, pt,
// and the words in both spellings ("metre", "meter"). Nothing for other words, "unstated" among
// them.
[[nodiscard]] std::optional<LengthUnit> find_length_unit(std::string_view word);
// "um, mm, cm, m, in, ft, px (1/96 inch), px90 (1/90 inch), pt (1/72 inch)"
[[nodiscard]] std::string_view known_length_units();

}  // namespace nearfab
