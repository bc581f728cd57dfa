// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/table.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {

TEST_CASE("columns are as wide as their widest cell, numbers to the right") {
    Table table{{{"FAB"}, {"DISTANCE", Align::right}, {"WHY"}}};
    CHECK(table.empty());
    table.add({"lyon", "3.2 km", "nearest"});
    table.add({"saint-\xC3\x89tienne", "51 km", ""});
    CHECK(table.text() ==
          "FAB            DISTANCE  WHY\n"
          "lyon             3.2 km  nearest\n"
          "saint-\xC3\x89tienne     51 km\n");
}

TEST_CASE("a cell cannot break its line") {
    Table table{{{"A"}, {"B"}}};
    table.add({"x\ny", "\x1b[1m"});
    CHECK(table.text() == "A    B\nx?y  ?[1m\n");
}

TEST_CASE("facts are aligned at the sign") {
    CHECK(facts_text({{"job", "3f9c"}, {"submitted", "today"}}) ==
          "  job       = 3f9c\n  submitted = today\n");
}

}  // namespace nearfab::cli
