// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/spelling.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace nearfab {

TEST_CASE("the nearest word is at most two letters away") {
    const std::vector<std::string> words{"router", "router_key", "agent"};
    CHECK(nearest_word("ruoter", words) == "router");
    CHECK(nearest_word("routerkey", words) == "router_key");
    CHECK_FALSE(nearest_word("printer", words).has_value());
    CHECK_FALSE(nearest_word("x", words).has_value());
    CHECK_FALSE(nearest_word("", words).has_value());
    CHECK_FALSE(nearest_word(std::string(1000, 'r'), words).has_value());
}

}  // namespace nearfab
