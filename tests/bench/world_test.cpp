// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/world.hpp"

#include "base/content_hash.hpp"
#include "proto/model/process.hpp"

#include <catch2/catch.hpp>

#include "bench/matching/random.hpp"
#include "bench/matching/world_csv.hpp"
#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace nearfab::bench {
namespace {

TEST_CASE("a seed gives one world, another seed another", "[bench]") {
    CHECK(make_world(2000, 7) == make_world(2000, 7));
    CHECK_FALSE(make_world(2000, 7) == make_world(2000, 8));
}

TEST_CASE("a larger world begins with the smaller one", "[bench]") {
    const World small = make_world(500, 3);
    const World large = make_world(900, 3);
    CHECK(std::equal(small.machines.begin(), small.machines.end(), large.machines.begin()));
}

TEST_CASE("the first world is the same on every platform and for ever", "[bench]") {
    // Figures of different days are only comparable while this holds.
    const std::string text = write_world_csv(make_world(10'000, 1));
    CHECK(hash_of(text).short_hex() == "0e34d47d");
}

TEST_CASE("machines are mixed as the shares say", "[bench]") {
    const World world = make_world(100'000, 1);
    std::map<std::string, int> counts;
    int idle = 0;
    MaterialSet all = 0;
    for (const BenchMachine& machine : world.machines) {
        ++counts[world.processes[machine.process]];
        idle += machine.backlog_s == 0 ? 1 : 0;
        all |= machine.materials;
    }
    CHECK(std::abs(counts["fdm"] - 76'000) < 600);
    CHECK(std::abs(counts["sla"] - 13'000) < 500);
    CHECK(std::abs(counts["laser_cut"] - 7'000) < 400);
    CHECK(std::abs(counts["cnc_mill"] - 4'000) < 300);
    CHECK(std::abs(idle - 20'000) < 600);
    CHECK(world.materials.size() == 31);
    CHECK(std::popcount(all) == 31);
}

TEST_CASE("every machine of the world is possible", "[bench]") {
    const World world = make_world(20'000, 5);
    for (const std::string& process : world.processes)
        CHECK(find_process(process).has_value());
    std::size_t several = 0;
    for (std::size_t i = 0; i < world.machines.size(); ++i) {
        const BenchMachine& machine = world.machines[i];
        const bool fine = machine.id == i && std::abs(machine.latitude_deg) <= latitude_deg_max &&
                          std::abs(machine.longitude_deg) <= 180 && machine.materials != 0 &&
                          machine.envelope_mm[0] > 0 &&
                          std::is_sorted(machine.envelope_mm.begin(), machine.envelope_mm.end()) &&
                          machine.min_feature_mm > 0 && machine.tolerance_mm > 0 &&
                          machine.backlog_s >= 0;
        CHECK(fine);
        several += std::popcount(machine.materials) > 1 ? 1U : 0U;
    }
    CHECK(several > world.machines.size() / 5);
}

TEST_CASE("the numbers of the made-up world have the distributions they are named for", "[bench]") {
    Random random{11};
    constexpr int draws = 200'000;
    double normal_sum = 0;
    double normal_squares = 0;
    double exponential_sum = 0;
    int beyond_three_means = 0;
    for (int i = 0; i < draws; ++i) {
        const auto normal = static_cast<double>(random.normal(1'000'000));
        normal_sum += normal;
        normal_squares += normal * normal;
        const auto exponential = static_cast<double>(random.exponential(10'000));
        exponential_sum += exponential;
        beyond_three_means += exponential > 30'000 ? 1 : 0;
    }
    CHECK(std::abs(normal_sum / draws) < 10'000);
    CHECK(std::sqrt(normal_squares / draws) == Approx(1'000'000).epsilon(0.01));
    CHECK(exponential_sum / draws == Approx(10'000).epsilon(0.01));
    CHECK(beyond_three_means / double{draws} == Approx(std::exp(-3)).epsilon(0.03));
}

}  // namespace
}  // namespace nearfab::bench
