// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/kind_groups.hpp"

#include "router/matching/region/region_sum.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace nearfab::router {
namespace {

std::set<RegionKind> all_different(std::size_t count) {
    std::mt19937_64 random{11};
    const auto um = [&random] { return static_cast<std::uint32_t>(random() % 900'000 + 100'000); };
    std::set<RegionKind> machines;
    while (machines.size() < count) {
        const std::uint32_t side = um();
        machines.insert({side, side / 2, um(), um() / 1000, um() / 500, um()});
    }
    return machines;
}

TEST_CASE("up to 64 different machines are a kind each", "[region]") {
    const auto machines = all_different(64);
    const KindGroups groups{machines};
    REQUIRE(groups.kinds().size() == 64);
    for (const RegionKind& machine : machines)
        CHECK(groups.kinds()[groups.group_of(machine)] == machine);
}

TEST_CASE("of ten thousand different machines each is covered by its kind", "[region]") {
    const auto machines = all_different(10'000);
    const KindGroups groups{machines};
    CHECK(groups.kinds().size() == 64);
    double widest = 1;
    for (const RegionKind& machine : machines) {
        const RegionKind& kind = groups.kinds()[groups.group_of(machine)];
        CHECK(covers(kind, machine));
        widest = std::max(widest, static_cast<double>(kind.longer_um) / machine.longer_um);
    }
    // Six figures share the 64 kinds, so each is halved about once.
    CHECK(widest < 10);
}

TEST_CASE("a set of kinds promises the same without those that others cover", "[region]") {
    const auto machines = all_different(60);
    const KindGroups groups{machines};
    std::mt19937_64 random{5};
    for (int round = 0; round < 200; ++round) {
        const std::uint64_t some = random() & ((std::uint64_t{1} << 60U) - 1);
        const std::uint64_t left = groups.without_covered(some);
        CHECK((left & ~some) == 0);
        for (std::size_t k = 0; k < groups.kinds().size(); ++k) {
            if (((some >> k) & 1U) == 0) continue;
            bool covered = false;
            for (std::size_t other = 0; other < groups.kinds().size(); ++other) {
                covered = covered || (((left >> other) & 1U) != 0 &&
                                      covers(groups.kinds()[other], groups.kinds()[k]));
            }
            CHECK(covered);
        }
    }
    CHECK(groups.without_covered(0) == 0);
}

}  // namespace
}  // namespace nearfab::router
