// SPDX-License-Identifier: GPL-3.0-or-later
// matcher.hpp - the nearest fab that can really make it, and why not the others.
//
// A plain scan over all machines: filter by the hard requirements, then rank. It is deterministic
// (ties end at the ids) and obviously right, and stays as the truth for any index that is faster.

#pragma once

#include "router/matching/question.hpp"

#include <span>

namespace nearfab::router {

// Candidates best first, rejections nearest first, both cut to limits::match_rows_max.
//
// Ranking: `nearest` puts distance first; every candidate within the neighbourhood of the nearest
// counts as equally near, and among those the fab with the least recent work per machine goes
// first, then the earlier finish, then the ids. `soonest` puts the finish first, then distance.
[[nodiscard]] MatchReport match(const Question& question,
                                std::span<const FabView> fabs,
                                const MatchingRules& rules);

// "nobody can make it now (3 machines seen): 2 x envelope, 1 x material; nearest miss: ..."
[[nodiscard]] std::string summary_of_misses(const MatchReport& report);

}  // namespace nearfab::router
