// SPDX-License-Identifier: GPL-3.0-or-later
// preference.hpp - fairness among fabs that are about equally near.

#pragma once

#include "router/matching/finder.hpp"

#include <set>
#include <span>

namespace nearfab::router {

// By share, then finish, then lot and names (cost_by_share).
void order_by_share(std::span<Found> found, const Question& question, const MatchingRules& rules);

// Fabs with too large a share of the recent work of all fabs in `found` that are within the
// distance (MatchingRules::share_max).
[[nodiscard]] std::set<FabId> fabs_with_too_much(std::span<const Found> found,
                                                 double chord2_max,
                                                 const MatchingRules& rules);

}  // namespace nearfab::router
