// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/known_licences.hpp"

#include "proto/model/licence.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nearfab::intake {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("licences of designs are known, whatever their capitals") {
    for (const char* id : {"CERN-OHL-S-2.0",
                           "CC-BY-SA-4.0",
                           "CC-BY-NC-ND-4.0",
                           "MIT",
                           "mit",
                           "GPL-3.0-or-later",
                           "GPL-3.0",
                           "TAPR-OHL-1.0",
                           "0BSD",
                           "Zlib"}) {
        INFO(id);
        CHECK(is_known_licence(id));
    }
    for (const char* id : {"", "NOT-A-LICENCE", "CERN-OHL-S", "MTI", "open", "CC-BY-*"}) {
        INFO(id);
        CHECK_FALSE(is_known_licence(id));
    }
}

TEST_CASE("the unknown id of an expression is found, exceptions and own licences are left alone") {
    const auto unknown = [](const std::string& text) {
        REQUIRE(LicenceExpression::parse(text));
        return unknown_licence_in(text);
    };
    CHECK_FALSE(unknown("MIT"));
    CHECK_FALSE(unknown("GPL-2.0+"));
    CHECK_FALSE(unknown("(MIT OR Apache-2.0) AND CC-BY-4.0"));
    CHECK_FALSE(unknown("GPL-3.0-only WITH Any-exception-1.0 OR mit"));
    CHECK_FALSE(unknown("LicenseRef-My-Own"));
    CHECK_FALSE(unknown("DocumentRef-x:LicenseRef-y OR MIT"));
    CHECK(unknown("NOT-A-LICENCE") == "NOT-A-LICENCE");
    CHECK(unknown("MIT OR (CERN-OHL-S AND CC-BY-4.0)") == "CERN-OHL-S");
    CHECK(unknown("GPL-4.0+") == "GPL-4.0");
    CHECK(unknown("mine and MIT") == "mine");
}

TEST_CASE("the likeliest licences are named: those that lack only their version, or one slip") {
    CHECK(licences_like("CERN-OHL-S") == Words{"CERN-OHL-S-2.0"});
    CHECK(licences_like("cern-ohl-s-2") == Words{"CERN-OHL-S-2.0"});
    CHECK(licences_like("MTI") == Words{"MIT"});
    CHECK(licences_like("CC-BY-SA-4.O") == Words{"CC-BY-SA-4.0"});
    const Words many = licences_like("CC-BY-SA");
    CHECK(many.size() == 3);
    CHECK(std::find(many.begin(), many.end(), "CC-BY-SA-4.0") != many.end());
    CHECK(licences_like("NOT-A-LICENCE").empty());
    CHECK(licences_like("").empty());
}

}  // namespace
}  // namespace nearfab::intake
