// SPDX-License-Identifier: GPL-3.0-or-later
// matcher.hpp - the nearest fab that can really make it, and why not the others.
//
// The rules of preference, on top of a Finder. Deterministic: ties end at the lot and the names.

#pragma once

#include "router/matching/finder.hpp"

#include <optional>
#include <span>
#include <string>

namespace nearfab::router {

// Machines that fail for what changes from hour to hour (their material, their time, what happened
// to this very work) are looked for among so many of the nearest, so that an answer does not take
// the longer the more machines are fine. All others (cannot_as_it_is) are found however far they
// are.
inline constexpr std::size_t rejections_looked_at = 4096;

// Candidates best first, rejections nearest first, both cut to limits::match_rows_max; when nobody
// can, what alone would have to be different.
//
// Ranking: `nearest` puts distance first; every candidate within the neighbourhood of the nearest
// counts as equally near, and among those the fab with the least recent work per machine goes
// first, then the earlier finish; a fab that has too large a share of the region's recent work
// comes after the others that are hardly farther (preference.hpp). `soonest`, `cheapest` and
// `greenest` put their own figure first, then distance.
[[nodiscard]] MatchReport match(const Question& question,
                                const Finder& finder,
                                const MatchingRules& rules);

// The same by looking at every machine.
[[nodiscard]] MatchReport match(const Question& question,
                                std::span<const FabView> fabs,
                                const MatchingRules& rules);

// This machine of this fab as a candidate, whatever else the fab has. None: it has no such machine,
// or that cannot make it.
[[nodiscard]] std::optional<Candidate> candidate_at(const Question& question,
                                                    const FabView& fab,
                                                    const MachineId& machine,
                                                    const MatchingRules& rules);
// Why this machine of this fab cannot make it. None: it has no such machine, or that can.
[[nodiscard]] std::optional<Rejection> rejection_at(const Question& question,
                                                    const FabView& fab,
                                                    const MachineId& machine,
                                                    const MatchingRules& rules);

// "nobody can make it now (3 machines seen): 2 x envelope, 1 x material; nearest miss: ..."
[[nodiscard]] std::string summary_of_misses(const MatchReport& report);

}  // namespace nearfab::router
