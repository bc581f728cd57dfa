// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/licence_file.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

namespace nearfab::intake {

TEST_CASE("an SPDX line decides, whatever comment it stands in") {
    CHECK(licence_in("SPDX-License-Identifier: CERN-OHL-S-2.0\nMore text.") == "CERN-OHL-S-2.0");
    CHECK(licence_in("/* SPDX-License-Identifier: MIT OR Apache-2.0 */") == "MIT OR Apache-2.0");
    CHECK(licence_in("<!-- SPDX-License-Identifier: CC-BY-4.0 -->\r\n") == "CC-BY-4.0");
}

TEST_CASE("an SPDX line without a value decides nothing") {
    CHECK_FALSE(licence_in("SPDX-License-Identifier:   \n").has_value());
}

TEST_CASE("the licences of open hardware are recognised by their own words") {
    const std::vector<std::pair<std::string, std::string>> texts{
        {"CERN Open Hardware Licence Version 2 - Permissive\n\nPreamble", "CERN-OHL-P-2.0"},
        {"CERN Open Hardware Licence Version 2 - Weakly Reciprocal", "CERN-OHL-W-2.0"},
        {"CERN Open Hardware Licence\nVersion 2 \xE2\x80\x93 Strongly Reciprocal",
         "CERN-OHL-S-2.0"},
        {"The TAPR Open Hardware License\nVersion 1.0 (May 25, 2007)", "TAPR-OHL-1.0"},
        {"Creative Commons Legal Code\n\nCC0 1.0 Universal", "CC0-1.0"},
        {"Attribution 4.0 International\n\n====", "CC-BY-4.0"},
        {"Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"},
        {"Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"},
        {"GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991", "GPL-2.0-only"},
        {"   GNU GENERAL PUBLIC LICENSE\n    Version 3, 29 June 2007", "GPL-3.0-only"},
        {"GNU LESSER GENERAL PUBLIC LICENSE Version 3, 29 June 2007", "LGPL-3.0-only"},
        {"GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007", "AGPL-3.0-only"},
        {"Apache License\n  Version 2.0, January 2004", "Apache-2.0"},
        {"Mozilla Public License Version 2.0", "MPL-2.0"}};
    for (const auto& [text, spdx] : texts) {
        INFO(text);
        CHECK(licence_in(text) == spdx);
    }
}

TEST_CASE("the BSD licences are told apart by their clauses") {
    const std::string start =
        "Redistribution and use in source and binary forms, with or without modification, are\n"
        "permitted provided that the following conditions are met:\n";
    CHECK(licence_in(start) == "BSD-2-Clause");
    CHECK(licence_in(start + "3. Neither the name of the copyright holder") == "BSD-3-Clause");
    CHECK_FALSE(licence_in(start + "3. All advertising materials mentioning").has_value());
}

TEST_CASE("a file with two licences or none decides nothing") {
    CHECK_FALSE(licence_in("All rights reserved.").has_value());
    CHECK_FALSE(licence_in("").has_value());
    CHECK_FALSE(licence_in("Hardware: CERN Open Hardware Licence Version 2 - Permissive\n"
                           "Documents: Attribution 4.0 International")
                    .has_value());
}

TEST_CASE("this repository's own licence files are recognised") {
    for (const auto& [name, spdx] : {std::pair{"/LICENSE", "GPL-3.0-only"},
                                     std::pair{"/LICENSES/Apache-2.0.txt", "Apache-2.0"}}) {
        std::ifstream file{tests::source_folder() + name};
        REQUIRE(file);
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        CHECK(licence_in(text) == spdx);
    }
}

}  // namespace nearfab::intake
