// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/concentration.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace nearfab::router {
namespace {

double hhi(const std::vector<std::uint64_t>& amounts) {
    return herfindahl_hirschman(amounts);
}

TEST_CASE("the Herfindahl-Hirschman index as it is computed by hand", "[report]") {
    CHECK(hhi({}) == 0);
    CHECK(hhi({0, 0}) == 0);
    CHECK(hhi({7}) == 10'000);
    CHECK(hhi({5, 5}) == Approx(5000));
    CHECK(hhi({1, 1, 1, 1}) == Approx(2500));
    // 50 %, 30 %, 20 %: 2500 + 900 + 400.
    CHECK(hhi({5, 3, 2}) == Approx(3800));
    // 30, 30, 20 and 20 %: 900 + 900 + 400 + 400; the textbook's example.
    CHECK(hhi({30, 30, 20, 20}) == Approx(2600));
    // Who has nothing changes nothing.
    CHECK(hhi({5, 3, 2, 0, 0}) == Approx(3800));
    // However large the amounts.
    CHECK(hhi({5'000'000'000'000, 3'000'000'000'000, 2'000'000'000'000}) == Approx(3800));
}

}  // namespace
}  // namespace nearfab::router
