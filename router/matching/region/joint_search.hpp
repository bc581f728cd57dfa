// SPDX-License-Identifier: GPL-3.0-or-later
// joint_search.hpp - own machines and other networks in one order.
//
// A machine's figure is known, a peer's is only known not to be better than the bound of its best
// cell. So a peer stands before a machine only where its bound is the better one: then it must be
// asked, and its answer says where it really stands. Everything that stands before the first
// machine of one's own is worth a question; nothing behind it can be better.

#pragma once

#include "router/matching/finder.hpp"
#include "router/matching/region/peer_regions.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace nearfab::router {

// Exactly one of the two.
struct JointFound {
    std::optional<Found> machine;
    std::optional<PeerPromise> peer;
    TreeCost cost;  // Of the machine, or the bound of the peer's.
};

// By the question's objective. The peers are merged into what the finder finds: nearest() for
// `nearest`, best() otherwise. Equals: own machines first. Each peer at most once.
[[nodiscard]] std::vector<JointFound> joint_search(const Question& question,
                                                   const Finder& finder,
                                                   const PeerRegions& peers,
                                                   const MatchingRules& rules,
                                                   std::size_t most,
                                                   const std::set<IdentityId>& without = {});

}  // namespace nearfab::router
