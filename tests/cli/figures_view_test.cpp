// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/figures_view.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace nearfab::cli {

TEST_CASE("a footprint is told share by share, with its range and its source") {
    Candidate candidate;
    candidate.fab = FabId{"lyon"};
    candidate.machine = MachineId{"mini"};
    candidate.footprint =
        Footprint{CarbonRange{200'000, 265'000, 300'000}, {}, CarbonRange{1'000, 2'000, 3'000}};
    const std::vector<FootprintBasis> bases{
        {"material", {}, {}, "mass x factor", "data/materials.csv petg: a book", "recalled"},
        {"transport", {}, {}, "mass x way", "data/freight_factors.csv van_avg: a list", "read"}};
    std::ostringstream out;
    CHECK(footprint_text(candidate, bases, Screen{.out = out, .err = out}) ==
          "CO2e of one piece at lyon / mini: > 267 g (201 g to 303 g)\n"
          "SHARE       CO2E           RANGE  FROM\n"
          "material   265 g  200 g to 300 g  data/materials.csv petg (recalled)\n"
          "energy         -               -  not known: the fab does not say\n"
          "transport  2.0 g  1.0 g to 3.0 g  data/freight_factors.csv van_avg (read)\n");
    CHECK(footprint_text({}, bases, Screen{.out = out, .err = out}).empty());
}

TEST_CASE("the totals of a plan add up within a currency only") {
    JobPlan plan;
    CHECK(totals_text(plan).empty());
    plan.prices = {{"EUR", 4210}, {"CHF", 1200}};
    plan.unpriced = 3;
    plan.footprint =
        Footprint{CarbonRange{800'000, 1'200'000, 1'900'000}, CarbonRange{}, CarbonRange{}};
    CHECK(totals_text(plan) ==
          "In all: 42.10 EUR and 12.00 CHF, 3 pieces without a price; CO2e 1.20 kg (800 g to 1.90 "
          "kg).\n");
}

}  // namespace nearfab::cli
