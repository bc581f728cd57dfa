// SPDX-License-Identifier: GPL-3.0-or-later
// ranking.hpp - in which order capable machines stand.
//
// Every order ends at the lot and then at the names, so there are no ties. The lot is drawn once
// from the names, so that among equals no fab is first because of how it is called.

#pragma once

#include "router/matching/question.hpp"
#include "router/matching/requirements.hpp"
#include "router/matching/tree/place_tree.hpp"

#include <cstdint>

namespace nearfab::router {

[[nodiscard]] std::uint16_t lot_of(const FabId& fab, const MachineId& machine);

// The fab's recent work for each of its machines, seconds.
[[nodiscard]] std::uint32_t share_of(const FabView& fab);

// By the objective's own figure, then by distance, then by finish. A machine without the figure
// counts as infinitely dear. `nearest` has no cost of its own: it goes by distance and finish.
[[nodiscard]] TreeCost cost_of(const MachineChoice& choice, double chord2);

// Within a neighbourhood: by share, then by finish.
[[nodiscard]] TreeCost cost_by_share(const MachineChoice& choice);

// How far counts as equally near as the nearest.
[[nodiscard]] double neighbourhood_km(double nearest_km, const MatchingRules& rules);
// How far an alternative to a fab with too large a share may be.
[[nodiscard]] double share_reach_km(double nearest_km, const MatchingRules& rules);

}  // namespace nearfab::router
