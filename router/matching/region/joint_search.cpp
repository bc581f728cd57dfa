// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/joint_search.hpp"

#include "router/matching/ranking.hpp"

#include <utility>

namespace nearfab::router {

std::vector<JointFound> joint_search(const Question& question,
                                     const Finder& finder,
                                     const PeerRegions& peers,
                                     const MatchingRules& rules,
                                     std::size_t most,
                                     const std::set<IdentityId>& without) {
    const bool by_distance =
        question.objective == Objective::nearest || question.objective == Objective::unknown;
    const std::vector<Found> machines = by_distance ? finder.nearest(most) : finder.best(most);
    std::vector<PeerPromise> promises = peers.best_of_each(question, most, without);
    std::vector<JointFound> joint;
    auto machine = machines.begin();
    auto promise = promises.begin();
    while (joint.size() < most && (machine != machines.end() || promise != promises.end())) {
        std::optional<TreeCost> own;
        if (machine != machines.end()) {
            own = cost_of({question, *machine->fab, *machine->machine, rules}, machine->chord2);
        }
        // Only the first figure is a reason to ask elsewhere: with the same price a bound on the
        // distance proves nothing.
        if (promise != promises.end() && (!own || promise->cost.first < own->first)) {
            const TreeCost cost = promise->cost;
            joint.push_back({std::nullopt, std::move(*promise++), cost});
        } else {
            joint.push_back({*machine++, std::nullopt, *own});
        }
    }
    return joint;
}

}  // namespace nearfab::router
