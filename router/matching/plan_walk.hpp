// SPDX-License-Identifier: GPL-3.0-or-later
// plan_walk.hpp - from fab to fab in the order in which a plan asks them.
//
// The finder is asked for more and more machines, only as far as the plan goes.

#pragma once

#include "router/matching/finder.hpp"

#include <cstddef>
#include <deque>
#include <set>
#include <span>
#include <vector>

namespace nearfab::router {

// No walk looks at more machines, so that a plan takes bounded time. A plan has a thousand pieces
// at most, so the others are for machines that are full.
inline constexpr std::size_t plan_machines_max = 4096;

// Machines that can make it and are asked together.
struct PlanStop {
    double chord2 = 0;
    std::vector<Found> machines;
};

// For `nearest` a stop is a fab with all its capable machines, and the stops come in match()'s
// order of preference: fabs in the neighbourhood by share, then by distance, and fabs with too
// large a share of the region's work after those that are hardly farther. For other objectives a
// stop is one machine, by the objective's own figure.
//
// Machines whose queue is full are no candidates for a piece now, so a finder leaves them out, but
// a plan is about later: those that could make it are given to the walk as well (`full`).
class PlanWalk {
public:
    // REQUIRES: `question`, `finder` and `rules` outlive the walk.
    PlanWalk(const Question& question,
             const Finder& finder,
             const MatchingRules& rules,
             std::vector<Found> full);

    // Null: there is no other. What was given stays where it is.
    [[nodiscard]] const PlanStop* stop(std::size_t number);

private:
    void go_on();
    void begin_near();
    [[nodiscard]] std::vector<Found> page();
    void add_fabs(const std::vector<Found>& found);
    void add_machines(const std::vector<Found>& found);

    const Question& question_;
    const Finder& finder_;
    MatchingRules rules_;  // A full queue is no reason against a machine.
    std::vector<Found> full_;
    std::deque<PlanStop> stops_;
    std::set<FabId> seen_;
    std::set<const MachineView*> seen_machines_;
    std::size_t asked_ = 0;
    bool ended_ = false;
};

// Of these machines those that could make it but for their full queues, with their distance.
[[nodiscard]] std::vector<Found> full_and_able(const Question& question,
                                               std::span<const Found> full,
                                               const MatchingRules& rules);

}  // namespace nearfab::router
