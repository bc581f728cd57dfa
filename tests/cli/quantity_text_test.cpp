// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/quantity_text.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace nearfab::cli {

TEST_CASE("numbers carry the unit a person would use") {
    CHECK(distance_text(0.8499) == "850 m");
    CHECK(distance_text(3.24) == "3.2 km");
    CHECK(distance_text(412.4) == "412 km");
    CHECK(distance_text(0.9999) == "1.0 km");
    CHECK(mass_text(4.52) == "4.5 g");
    CHECK(mass_text(120.4) == "120 g");
    CHECK(mass_text(1250) == "1.25 kg");
    CHECK(bytes_text(999) == "999 B");
    CHECK(bytes_text(161'084) == "161.1 kB");
    CHECK(bytes_text(12'000'000) == "12.0 MB");
    CHECK(fixed(-0.01, 1) == "0.0");
    CHECK(fixed(-0.06, 1) == "-0.1");
    CHECK(fixed(std::numeric_limits<double>::infinity(), 1) == "?");
    CHECK(fixed(std::numeric_limits<double>::max(), 2).size() == 312);
    CHECK(counted(1, "machine", "machines") == "1 machine");
    CHECK(counted(0, "machine", "machines") == "0 machines");
}

TEST_CASE("lengths keep the digits that matter, however small") {
    CHECK(length_text(262) == "262.0 mm");
    CHECK(length_text(25.5736) == "25.6 mm");
    CHECK(length_text(1.6) == "1.6 mm");
    CHECK(length_text(3.0249) == "3.02 mm");
    CHECK(length_text(0.0390037) == "0.039 mm");
    CHECK(length_text(0.05) == "0.05 mm");
    CHECK(length_text(-0.261052) == "-0.26 mm");
    CHECK(length_text(0.9999) == "1.0 mm");
    CHECK(length_text(0) == "0.0 mm");
    CHECK(length_text(8e-6) == "8e-06 mm");
    CHECK(size_text({50, 50, 0.05}) == "50.0 x 50.0 x 0.05 mm");
    CHECK(volume_text(8000) == "8.00 cm3");
    CHECK(volume_text(12.5) == "12.5 mm3");
    CHECK(area_text(2400) == "24.0 cm2");
    CHECK(area_text(0.0024) == "0.0024 mm2");
    CHECK(at_text({25.5736, 3.36908, -0.261052}) == "at 25.6, 3.4, -0.3");
    CHECK(at_text({0.01, 0, 0.02}) == "at 0.010, 0.000, 0.020");
    CHECK(at_text({0, 0}) == "at 0.0, 0.0");
}

TEST_CASE("the numbers of a sentence become those of the rest of the report") {
    CHECK(with_short_numbers("0.0390037 mm are drawn twice in 1 place, the first at (52.802, "
                             "57.8042); cut twice") ==
          "0.039 mm are drawn twice in 1 place, the first at (52.8, 57.8); cut twice");
    CHECK(with_short_numbers("the first is at 25.5736, 3.36908, -0.261052") ==
          "the first is at 25.6, 3.4, -0.3");
    CHECK(with_short_numbers("the first is at 10, 0, 10.") == "the first is at 10.0, 0.0, 10.0.");
    CHECK(with_short_numbers("it is 9398 x 9398.001 mm") == "it is 9398 x 9398.0 mm");
    CHECK(with_short_numbers("below 0.8 mm, of 1294 triangles") ==
          "below 0.8 mm, of 1294 triangles");
    CHECK(with_short_numbers("version 1.23456.7, R2000.12345x, layer \"0.123456\"") ==
          "version 1.23456.7, R2000.12345x, layer \"0.123456\"");
    CHECK(with_short_numbers("at 3 edges two triangles") == "at 3 edges two triangles");
    CHECK(with_short_numbers("").empty());
}

TEST_CASE("a text from elsewhere cannot drive the terminal") {
    CHECK(printable("a\x1b[2Jb\nc") == "a?[2Jb?c");
    CHECK(printable("\xC2\x9B"
                    "31m") == "?31m");
    CHECK(printable("Atelier n\xC2\xB0 3, \xC3\x89vry") == "Atelier n\xC2\xB0 3, \xC3\x89vry");
    CHECK(printable("part\xFF\xC3.stl") == "part??.stl");
    CHECK(printable("\xE2\x82") == "??");                 // The end is missing.
    CHECK(printable("\xC0\xAF\xED\xA0\x80") == "?????");  // Too long; half a pair.
    CHECK(printable("\xF0\x9F\x94\xA7 3D") == "\xF0\x9F\x94\xA7 3D");
    CHECK(in_quotes("a\tb") == "\"a?b\"");
}

}  // namespace nearfab::cli
