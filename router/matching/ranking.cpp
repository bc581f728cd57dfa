// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/ranking.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/figures.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace nearfab::router {

std::uint16_t lot_of(const FabId& fab, const MachineId& machine) {
    // FNV-1a, 64 bits (Fowler, Noll, Vo), folded.
    std::uint64_t hash = 0xcbf29ce484222325U;
    const auto stir = [&hash](std::string_view text) {
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    };
    stir(fab.text());
    stir(std::string_view{"\0", 1});
    stir(machine.text());
    return static_cast<std::uint16_t>(hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48));
}

std::uint32_t share_of(const FabView& fab) {
    const auto machines = std::max<std::int64_t>(static_cast<std::int64_t>(fab.machines.size()), 1);
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(fab.recent_work_s / machines, 0, limits::span_s_max));
}

TreeCost cost_of(const MachineChoice& choice, double chord2) {
    constexpr double unknown = std::numeric_limits<double>::infinity();
    const Capability& machine = *choice.machine.capability;
    const auto finish = static_cast<double>(finish_seconds(choice.question, choice.machine));
    switch (choice.question.objective) {
        case Objective::soonest:
            return {finish, chord2, 0};
        case Objective::cheapest:
            return {full_cost(choice.question, machine, ground_km(chord2)).value_or(unknown),
                    chord2,
                    finish};
        case Objective::greenest:
            return {carbon_g_of(choice.question, machine, ground_km(chord2)).value_or(unknown),
                    chord2,
                    finish};
        case Objective::unknown:
        case Objective::nearest:
            break;
    }
    return {chord2, finish, 0};
}

TreeCost cost_by_share(const MachineChoice& choice) {
    return {static_cast<double>(share_of(choice.fab)),
            static_cast<double>(finish_seconds(choice.question, choice.machine)),
            0};
}

double neighbourhood_km(double nearest_km, const MatchingRules& rules) {
    return nearest_km + std::max(rules.neighbourhood_km, nearest_km * rules.neighbourhood_fraction);
}

double share_reach_km(double nearest_km, const MatchingRules& rules) {
    return nearest_km + std::max(rules.share_extra_km, nearest_km * rules.share_extra_fraction);
}

}  // namespace nearfab::router
