// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/length_unit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nearfab {
namespace {

constexpr double inch_mm = 25.4;

struct UnitNames {
    const char* name;
    double mm;
    std::array<std::string_view, 5> others;  // Signs and other spellings; empty ones are none.
};

// By the number of the unit.
constexpr std::array<UnitNames, 10> units{{
    {"unstated", 1, {}},
    {"micron", 0.001, {"um", "micrometre", "micrometer", "\xC2\xB5m", "\xCE\xBCm"}},
    {"millimetre", 1, {"mm", "millimeter"}},
    {"centimetre", 10, {"cm", "centimeter"}},
    {"inch", inch_mm, {"in", "inches"}},
    {"foot", 304.8, {"ft", "feet"}},
    {"metre", 1000, {"m", "meter"}},
    {"pixel", inch_mm / 96, {"px", "px96"}},
    {"pixel_90", inch_mm / 90, {"px90"}},
    {"point", inch_mm / 72, {"pt"}},
}};
static_assert(units.size() == static_cast<std::size_t>(last_length_unit) + 1);

std::string in_small_letters(std::string_view word) {
    std::string small{word};
    for (char& c : small) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return small;
}

}  // namespace

std::string to_string(LengthUnit unit) {
    const auto number = static_cast<std::size_t>(unit);
    return number < units.size() ? units.at(number).name : "unknown";
}

double millimetres_per(LengthUnit unit) {
    const auto number = static_cast<std::size_t>(unit);
    return number < units.size() ? units.at(number).mm : 1;
}

std::optional<LengthUnit> find_length_unit(std::string_view word) {
    const std::string small = in_small_letters(word);
    if (small.empty()) return std::nullopt;
    for (std::size_t i = 1; i < units.size(); ++i) {
        const UnitNames& unit = units.at(i);
        const bool named =
            small == unit.name ||
            std::find(unit.others.begin(), unit.others.end(), small) != unit.others.end();
        if (named) return static_cast<LengthUnit>(i);
    }
    return std::nullopt;
}

std::string_view known_length_units() {
    return "um, mm, cm, m, in, ft, px (1/96 inch), px90 (1/90 inch), pt (1/72 inch)";
}

}  // namespace nearfab
