// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/licence_terms.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

TEST_CASE("licences that exist are accepted, however they are spelled", "[agent][config]") {
    for (const char* term : {"open",
                             "OPEN",
                             "CERN-OHL-S-2.0",
                             "cern-ohl-s-2.0",
                             "CC-BY-*",
                             "cern-ohl-*",
                             "*",
                             "GFDL-1.1-or-later",
                             "CC-BY-NC-SA-4.0",
                             "CC-BY-ND-4.0",
                             "LicenseRef-FabLab-Lyon",
                             "DocumentRef-lab:LicenseRef-mine"}) {
        INFO(term);
        CHECK(check_licence_term(term));
    }
}

TEST_CASE("a misspelled licence is refused with the one that was meant", "[agent][config]") {
    const auto [typed, meant] = GENERATE(table<std::string, std::string>({
        {"opne", "open"},
        {"Open ", "open"},
        {"CERN-OHL-S-20", "CERN-OHL-S-2.0"},
        {"cc-by-4", "CC-BY-4.0"},
        {"Apache2.0", "Apache-2.0"},
        {"mti", "MIT"},
    }));
    INFO(typed);
    const Status status = check_licence_term(typed);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::invalid_argument);
    CHECK_THAT(status.error().message, Catch::Contains("\"" + typed + "\""));
    CHECK_THAT(status.error().next, Catch::StartsWith("did you mean \"" + meant + "\""));
}

TEST_CASE("words that resemble no licence are refused with an example", "[agent][config]") {
    for (const char* term : {"", "everything", "CC-BX-*", "LicenseRef-", "LicenseRef-a b", "%"}) {
        INFO(term);
        const Status status = check_licence_term(term);
        REQUIRE_FALSE(status);
        CHECK_FALSE(status.error().next.empty());
    }
}

}  // namespace
}  // namespace nearfab::agent
