// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/queries.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace nearfab::bench {
namespace {

double share(const World& world, std::string_view query_class) {
    return selectivity(world, make_queries(world, query_class, 1, 1).front());
}

TEST_CASE("a class finds about as many machines as its name promises", "[bench]") {
    const World world = make_world(400'000, 1);
    CHECK(share(world, "common") == Approx(0.31).margin(0.01));
    CHECK(share(world, "selective") == Approx(0.0038).margin(0.0005));
    CHECK(share(world, "rare") == Approx(0.00055).margin(0.0001));
    CHECK(share(world, "impossible") == 0);
}

TEST_CASE("even ten thousand machines have a rare one", "[bench]") {
    CHECK(share(make_world(10'000, 1), "rare") > 0);
}

TEST_CASE("a seed gives the same questions again, in places on earth", "[bench]") {
    const World world = make_world(1000, 1);
    const auto queries = make_queries(world, "mixed", 500, 9);
    CHECK(queries == make_queries(world, "mixed", 500, 9));
    for (const Query& query : queries) {
        CHECK(std::abs(query.latitude_deg) <= latitude_deg_max);
        CHECK(std::abs(query.longitude_deg) <= 180);
        CHECK(std::is_sorted(query.box_mm.begin(), query.box_mm.end()));
    }
}

TEST_CASE("the mixed class is 70, 20, 8 and 2 percent of the others", "[bench]") {
    const World world = make_world(1000, 1);
    std::map<std::string, int> counts;
    for (const Query& query : make_queries(world, "mixed", 10'000, 2))
        ++counts[world.materials[query.material]];
    CHECK(std::abs(counts["pla"] - 7000) < 150);
    CHECK(std::abs(counts["asa"] - 2000) < 150);
    CHECK(std::abs(counts["peek"] - 800) < 100);
    CHECK(std::abs(counts["titanium_gr5"] - 200) < 60);
}

TEST_CASE("a world of other machines learns the names of the questions, if it has room",
          "[bench]") {
    World world;
    world.processes = {"sla"};
    world.materials = {"resin_std"};
    world.machines = {BenchMachine{}};
    REQUIRE(know_query_names(world));
    CHECK(world.processes == std::vector<std::string>{"sla", "fdm", "cnc_mill"});
    CHECK(share(world, "rare") == 0);
    while (world.materials.size() < materials_max)
        world.materials.push_back("m" + std::to_string(world.materials.size()));
    CHECK(know_query_names(world));
    world.materials[1] = "no_pla";
    CHECK_FALSE(know_query_names(world));
}

}  // namespace
}  // namespace nearfab::bench
