// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/part_file.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {

TEST_CASE("a bed is three sizes in millimetres") {
    CHECK(parse_bed("180x200x210.5").value() == geometry::WorkEnvelope{180, 200, 210.5});
    for (const char* text : {"",
                             "180",
                             "180x180",
                             "180x180x",
                             "180x180x180x",
                             "0x1x1",
                             "-1x1x1",
                             "1x1xinf",
                             "axbxc",
                             "180 x 180 x 180"}) {
        INFO(text);
        CHECK_FALSE(parse_bed(text).has_value());
    }
}

}  // namespace nearfab::cli
