// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/random.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace nearfab {
namespace {

TEST_CASE("random numbers do not repeat", "[host]") {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(random_u64());
    CHECK(seen.size() == 1000);
}

TEST_CASE("random names are lower-case hex of the asked length", "[host]") {
    const std::string name = random_hex(16);
    CHECK(name.size() == 32);
    CHECK(name.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(random_hex(16) != name);
    CHECK(random_hex(0).empty());
}

}  // namespace
}  // namespace nearfab
