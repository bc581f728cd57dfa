// SPDX-License-Identifier: GPL-3.0-or-later
// plan_walk.hpp - from fab to fab in the order in which a plan asks them.
//
// The finder is asked for more and more machines, only as far as the plan goes.

#pragma once

#include "router/matching/finder.hpp"

#include <cstddef>
#include <deque>
#include <set>
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
class PlanWalk {
public:
    // REQUIRES: all three outlive the walk.
    PlanWalk(const Question& question, const Finder& finder, const MatchingRules& rules)
        : question_{question}, finder_{finder}, rules_{rules} {}

    // Null: there is no other. What was given stays where it is.
    [[nodiscard]] const PlanStop* stop(std::size_t number);

private:
    void go_on();
    void begin_near();
    void add_fabs(const std::vector<Found>& found);

    const Question& question_;
    const Finder& finder_;
    const MatchingRules& rules_;
    std::deque<PlanStop> stops_;
    std::set<FabId> seen_;
    std::size_t asked_ = 0;
    bool ended_ = false;
};

}  // namespace nearfab::router
