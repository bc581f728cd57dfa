// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/quantity_text.hpp"

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

TEST_CASE("a text from elsewhere cannot drive the terminal") {
    CHECK(printable("a\x1b[2Jb\nc") == "a?[2Jb?c");
    CHECK(printable("\xC2\x9B"
                    "31m") == "?31m");
    CHECK(printable("Atelier n\xC2\xB0 3, \xC3\x89vry") == "Atelier n\xC2\xB0 3, \xC3\x89vry");
    CHECK(in_quotes("a\tb") == "\"a?b\"");
}

}  // namespace nearfab::cli
