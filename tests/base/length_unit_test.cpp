// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/length_unit.hpp"

#include <catch2/catch.hpp>

using namespace nearfab;

TEST_CASE("units of length have a name, a length and the signs that people write") {
    CHECK(to_string(LengthUnit::unstated) == "unstated");
    CHECK(millimetres_per(LengthUnit::unstated) == 1);
    CHECK(millimetres_per(LengthUnit::micron) == 0.001);
    CHECK(millimetres_per(LengthUnit::millimetre) == 1);
    CHECK(millimetres_per(LengthUnit::centimetre) == 10);
    CHECK(millimetres_per(LengthUnit::inch) == 25.4);
    CHECK(millimetres_per(LengthUnit::foot) == 304.8);
    CHECK(millimetres_per(LengthUnit::metre) == 1000);
    CHECK(millimetres_per(LengthUnit::pixel) * 96 == 25.4);
    CHECK(millimetres_per(LengthUnit::pixel_90) * 90 == 25.4);
    CHECK(millimetres_per(LengthUnit::point) * 72 == 25.4);

    for (int i = 1; i <= static_cast<int>(last_length_unit); ++i) {
        const auto unit = static_cast<LengthUnit>(i);
        CHECK(find_length_unit(to_string(unit)) == unit);
    }
    CHECK(find_length_unit("mm") == LengthUnit::millimetre);
    CHECK(find_length_unit("MM") == LengthUnit::millimetre);
    CHECK(find_length_unit("Millimeter") == LengthUnit::millimetre);
    CHECK(find_length_unit("cm") == LengthUnit::centimetre);
    CHECK(find_length_unit("m") == LengthUnit::metre);
    CHECK(find_length_unit("in") == LengthUnit::inch);
    CHECK(find_length_unit("ft") == LengthUnit::foot);
    CHECK(find_length_unit("px") == LengthUnit::pixel);
    CHECK(find_length_unit("px90") == LengthUnit::pixel_90);
    CHECK(find_length_unit("pt") == LengthUnit::point);
    CHECK(find_length_unit("um") == LengthUnit::micron);
    CHECK(find_length_unit("\xC2\xB5m") == LengthUnit::micron);
}

TEST_CASE("no unit is made of other words") {
    CHECK_FALSE(find_length_unit(""));
    CHECK_FALSE(find_length_unit("unstated"));
    CHECK_FALSE(find_length_unit("mil"));
    CHECK_FALSE(find_length_unit("mm "));
    CHECK_FALSE(find_length_unit("25.4"));
    CHECK(to_string(static_cast<LengthUnit>(99)) == "unknown");
}
