// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/plan.hpp"

#include "proto/model/limits.hpp"

#include <catch2/catch.hpp>

using namespace nearfab;

namespace {

PlanRow row(std::optional<Money> price, std::optional<Footprint> footprint) {
    PlanRow made;
    made.pieces = 2;
    made.price = std::move(price);
    made.footprint = footprint;
    return made;
}

}  // namespace

TEST_CASE("a plan adds up prices by currency, and shares that are known of all rows") {
    const CarbonRange one{1, 2, 3};
    JobPlan plan;
    plan.rows = {row(Money{"EUR", 100}, Footprint{one, one, one}),
                 row(Money{"CHF", 5}, Footprint{one, {}, one}),
                 row(Money{"EUR", 50}, Footprint{one, one, one}),
                 row({}, Footprint{one, one, one})};
    sum_up_figures(plan);
    CHECK(plan.prices == std::vector<Money>{{"EUR", 150}, {"CHF", 5}});
    CHECK(plan.unpriced == 2);
    REQUIRE(plan.footprint);
    CHECK(plan.footprint->material == CarbonRange{4, 8, 12});
    CHECK_FALSE(plan.footprint->energy);
    CHECK_FALSE(is_complete(*plan.footprint));
    CHECK(sum_of(*plan.footprint) == CarbonRange{8, 16, 24});
}

TEST_CASE("the sums of a plan stay within what a message may carry") {
    const std::int64_t most = limits::carbon_mg_max;
    const Footprint large{CarbonRange{most, most, most}, CarbonRange{}, CarbonRange{}};
    CHECK(times(large, 1000).material == CarbonRange{most, most, most});
    JobPlan plan;
    plan.rows = {row(Money{"EUR", limits::money_max}, large),
                 row(Money{"EUR", limits::money_max}, large)};
    sum_up_figures(plan);
    CHECK(plan.prices == std::vector<Money>{{"EUR", limits::money_max}});
    CHECK(plan.footprint->material == CarbonRange{most, most, most});
    plan.rows.clear();
    for (char c = 'A'; c <= 'Z'; ++c)
        plan.rows.push_back(row(Money{std::string(4, c), 1}, {}));
    sum_up_figures(plan);
    CHECK(plan.prices.size() == limits::plan_currencies_max);
    CHECK(plan.unpriced == 2 * (26 - limits::plan_currencies_max));
    plan.rows.clear();
    sum_up_figures(plan);
    CHECK_FALSE(plan.footprint);
}
