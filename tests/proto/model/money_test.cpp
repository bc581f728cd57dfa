// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/money.hpp"

#include "proto/model/limits.hpp"

#include <catch2/catch.hpp>

using namespace nearfab;

TEST_CASE("an amount is written with the decimals of its currency") {
    CHECK(to_string(Money{"EUR", 1250}) == "12.50 EUR");
    CHECK(to_string(Money{"EUR", 7}) == "0.07 EUR");
    CHECK(to_string(Money{"JPY", 300}) == "300 JPY");
    CHECK(to_string(Money{"KWD", 1}) == "0.001 KWD");
    CHECK(to_string(Money{"HOURS", 2}) == "2 HOURS");
    CHECK(to_string(Money{"EUR", 0}) == "0.00 EUR");
}

TEST_CASE("a currency is one of ISO 4217 or a unit of a network") {
    CHECK(parse_currency("eur").value() == "EUR");
    CHECK(parse_currency("CHF").value() == "CHF");
    CHECK(parse_currency("hours").value() == "HOURS");
    CHECK(parse_currency("EUT").error().message ==
          "\"EUT\" is no currency of ISO 4217; did you mean \"EUR\"?");
    for (const char* bad : {"", "E", "EU", "EU1", "E R", "NINELETTERS", "\xC3\x89UR", "EUR\n"}) {
        INFO(bad);
        REQUIRE_FALSE(parse_currency(bad));
        CHECK(parse_currency(bad).error().message.find("cannot be a currency") !=
              std::string::npos);
    }
    CHECK(is_currency_name("EUR"));
    CHECK(is_currency_name("QQQ"));  // A newer program may know it.
    CHECK_FALSE(is_currency_name("eur"));
}

TEST_CASE("what a person typed becomes whole numbers of the smallest unit") {
    CHECK(parse_amount("12.5", "EUR").value() == 1250);
    CHECK(parse_amount("0", "EUR").value() == 0);
    CHECK(parse_amount("3", "JPY").value() == 3);
    CHECK(parse_amount("3.00", "JPY").value() == 3);
    CHECK(parse_amount("0.001", "KWD").value() == 1);
    CHECK(parse_amount("10000000000000", "EUR").value() == limits::money_max);
    for (const char* bad : {"",
                            ".",
                            "1.",
                            ".5",
                            "-1",
                            "1e3",
                            "0x1",
                            "1,5",
                            "nan",
                            "inf",
                            " 1",
                            "0.001",
                            "10000000000000.01",
                            "99999999999999999999999"}) {
        INFO(bad);
        REQUIRE_FALSE(parse_amount(bad, "EUR"));
        CHECK_FALSE(parse_amount(bad, "EUR").error().next.empty());
    }
    CHECK(parse_amount("0.5", "JPY").error().message ==
          "\"0.5\" has more decimals than JPY, which has none");
}
