// SPDX-License-Identifier: GPL-3.0-or-later
// preference.hpp - fairness among fabs that are about equally near.
//
// The order of those who can make it, when nearness comes first:
//
//     1. within the neighbourhood of the nearest: by share, then finish (cost_by_share)
//     2. within the share's reach: by distance
//     3. the same two again of fabs with too large a share of the region's recent work (spared)
//     4. beyond: by distance
//
// The region is all who can make it within the share's reach; of more than region_machines_max
// machines the nearest so many. match() and plans both go by this order.

#pragma once

#include "router/matching/finder.hpp"

#include <cstddef>
#include <set>
#include <span>
#include <vector>

namespace nearfab::router {

// So that counting a region takes bounded time in a city of a million machines.
inline constexpr std::size_t region_machines_max = 4096;

struct Preferred {
    Found found;
    bool neighbour = false;  // Within the neighbourhood.
    // Others that are hardly farther go before it, because its fab has had so much of the region's
    // recent work, 0 .. 1; 0: it is not spared.
    double spared_with = 0;
    // As near as those before it, and had no place in the list but for being the nearest.
    bool crowded_out = false;
};

// The first so many in that order. Neither the nearest fab nor one that is spared is ever missing:
// where it would be, it takes one of the last places, so that whoever comes before it is explained.
[[nodiscard]] std::vector<Preferred> in_order_of_nearness(const Question& question,
                                                          const Finder& finder,
                                                          const MatchingRules& rules,
                                                          std::size_t most);

// By share, then finish, then lot and names (cost_by_share).
void order_by_share(std::span<Found> found, const Question& question, const MatchingRules& rules);

// Fabs with too large a share of the recent work of all fabs in `found` that are within the
// distance (MatchingRules::share_max).
[[nodiscard]] std::set<FabId> fabs_with_too_much(std::span<const Found> found,
                                                 double chord2_max,
                                                 const MatchingRules& rules);

}  // namespace nearfab::router
