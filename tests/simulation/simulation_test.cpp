// SPDX-License-Identifier: GPL-3.0-or-later
// A short simulation for every run of the tests; scripts/simulate runs the long one.

#include "tests/simulation/report.hpp"
#include "tests/simulation/world.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace nearfab::simulation {
namespace {

// As many seeds as a busy machine has time for, but never fewer than the first.
constexpr std::uint64_t seeds_min = 10;
constexpr std::uint64_t seeds_max = 400;
constexpr std::chrono::seconds time_for_seeds{40};

TEST_CASE("no seed makes anything twice unasked, or loses anything", "[simulation]") {
    const auto begin = std::chrono::steady_clock::now();
    Figures figures;
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
        const bool time_is_up = std::chrono::steady_clock::now() - begin > time_for_seeds;
        if (seed > seeds_min && time_is_up) break;
        const Outcome outcome = World{seed}.run();
        INFO("repeat it: scripts/simulate --seed " << seed);
        CHECK(outcome.violation.value_or("all invariants hold") == "all invariants hold");
        figures.add(outcome);
    }
    // The world was no idle one.
    CHECK(figures.pieces >= figures.seeds);
    CHECK(figures.faults[static_cast<std::size_t>(Fault::router_crash)] > 0);
    CHECK(figures.faults[static_cast<std::size_t>(Fault::packet_lost)] > 0);
}

TEST_CASE("a seed tells the same story every time", "[simulation]") {
    for (const std::uint64_t seed : {3U, 4U}) {
        const Outcome once = World{seed}.run();
        const Outcome again = World{seed}.run();
        CHECK(once.fingerprint == again.fingerprint);
        CHECK(once.steps == again.steps);
        CHECK(once.simulated == again.simulated);
    }
    CHECK(World{3}.run().fingerprint != World{4}.run().fingerprint);
}

}  // namespace
}  // namespace nearfab::simulation
