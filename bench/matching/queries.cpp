// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/queries.hpp"

#include "base/check.hpp"

#include "bench/matching/random.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace nearfab::bench {
namespace {

struct Wanted {
    std::string_view process;
    std::string_view material;
    std::array<float, 3> box_mm;  // Ascending.
    float min_feature_mm;
    float tolerance_mm;
    std::int32_t backlog_s_max;
    std::uint32_t percent;  // Of the mixed class.
};

constexpr std::int32_t any_time = std::numeric_limits<std::int32_t>::max();
constexpr std::array<Wanted, 4> wanted{{
    {"fdm", "pla", {60, 90, 120}, 0.8F, 0.5F, any_time, 70},
    {"fdm", "asa", {200, 250, 300}, 0.8F, 0.2F, 12 * 3600, 20},
    {"fdm", "peek", {30, 40, 60}, 0.8F, 0.5F, any_time, 8},
    {"cnc_mill", "titanium_gr5", {100, 300, 2600}, 2.0F, 0.2F, any_time, 2},
}};

// Somewhere near some machine.
void place(const World& world, Random& random, Query& query) {
    const auto which = random.below(static_cast<std::uint32_t>(world.machines.size()));
    const BenchMachine& near = world.machines[which];
    constexpr double sigma_udeg = 15 / 111.195 * 1e6;
    const double narrowing = std::cos(near.latitude_deg * std::numbers::pi / 180);
    const auto north = random.normal(std::llround(sigma_udeg));
    const auto east = random.normal(std::llround(sigma_udeg / std::max(narrowing, 0.05)));
    query.latitude_deg = std::clamp(
        near.latitude_deg + static_cast<double>(north) / 1e6, -latitude_deg_max, latitude_deg_max);
    query.longitude_deg =
        std::remainder(near.longitude_deg + static_cast<double>(east) / 1e6, 360.0);
}

std::size_t one_of_mix(Random& random) {
    std::uint32_t rest = random.below(100);
    std::size_t which = 0;
    while (which + 1 < wanted.size() && rest >= wanted[which].percent)
        rest -= wanted[which++].percent;
    return which;
}

}  // namespace

bool know_query_names(World& world) {
    for (const Wanted& want : wanted) {
        if (!find_name(world.processes, want.process)) world.processes.emplace_back(want.process);
        if (!find_name(world.materials, want.material)) world.materials.emplace_back(want.material);
    }
    return world.materials.size() <= materials_max;
}

std::vector<Query> make_queries(const World& world,
                                std::string_view query_class,
                                std::size_t count,
                                std::uint64_t seed) {
    const auto found = std::find(query_classes.begin(), query_classes.end(), query_class);
    NEARFAB_CHECK(found != query_classes.end(), "no class of that name");
    NEARFAB_CHECK(!world.machines.empty(), "nobody lives there");
    const auto fixed = static_cast<std::size_t>(found - query_classes.begin());
    Random random{seed + fixed};
    std::vector<Query> queries(count);
    for (Query& query : queries) {
        const Wanted& want = wanted[fixed < wanted.size() ? fixed : one_of_mix(random)];
        place(world, random, query);
        query.process = find_name(world.processes, want.process).value();
        query.material = find_name(world.materials, want.material).value();
        query.box_mm = want.box_mm;
        query.min_feature_mm = want.min_feature_mm;
        query.tolerance_mm = want.tolerance_mm;
        query.backlog_s_max = want.backlog_s_max;
    }
    return queries;
}

double selectivity(const World& world, const Query& query) {
    const auto fitting = std::count_if(
        world.machines.begin(), world.machines.end(), [&](const BenchMachine& machine) {
            return machine.process == query.process && can_make(machine, query);
        });
    return static_cast<double>(fitting) / static_cast<double>(world.machines.size());
}

}  // namespace nearfab::bench
