// SPDX-License-Identifier: GPL-3.0-or-later
// plan.hpp - who makes how many pieces of a job.
//
// The rules:
//
// - Near first. Fabs are asked in match()'s order of preference, one after the other; whoever is
//   asked takes as many pieces as its machines finish in time and have material for. Its own
//   machines share them so that each next piece is done as soon as possible. So a designer fetches
//   a job from few places, and the near ones.
// - In time means by the deadline, if there is one. Pieces that nobody can finish by then go to
//   whoever finishes each of them soonest, however far, and are counted as late.
// - Without a deadline the plan is patient first, then it goes farther. It begins with what can be
//   done within a day (plan_patience_s; of large parts, four times the time of making one) and not
//   farther than plan_reach_km_per_day beyond the nearest. While that is not enough, both are
//   doubled: two days and 200 km, four days and 400 km, ... So a hundred pieces neither keep one
//   printer busy for three weeks while the next town's stand still, nor travel around the world to
//   save an afternoon.
// - With the objective `soonest` each piece goes to whoever finishes it soonest. `cheapest` and
//   `greenest` are near first with machines in their own order instead, wherever they are.
// - The parts of a job are planned in turn and share machines: what one takes is not there for the
//   next. The same holds for what is planned for other jobs (PlannedAhead).
//
// Only machines that take work now are planned with; a full queue alone is no hindrance, because it
// will move. Deterministic; takes time for plan_machines_max machines at most, however many there
// are, and for those whose queue is full.

#pragma once

#include "proto/model/plan.hpp"
#include "router/matching/finder.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace nearfab::router {

inline constexpr std::int64_t plan_patience_s = 24 * 3600;
inline constexpr std::int64_t plan_patience_makings = 4;
inline constexpr double plan_reach_km_per_day = 100;

struct PlanWish {
    std::uint32_t part = 0;    // Index into the job's parts.
    std::uint32_t pieces = 0;  // At most limits::quantity_max.
    Question question;         // About one piece.
};

// What is planned for a machine and not promised to it yet.
struct PlannedAhead {
    std::int64_t seconds = 0;
    std::vector<MaterialStock> materials;
};
using AheadOf = std::function<PlannedAhead(const FabId&, const MachineId&)>;

// REQUIRES: the question outlives the finder.
using FinderFor = std::function<std::unique_ptr<Finder>(const Question&)>;

// What a plan has to know of the network.
struct PlanWorld {
    FinderFor finder_for;
    AheadOf ahead_of;
    std::vector<Found> full;  // Machines whose queue is full; distances are not needed.
};

// One PlanPart for each wish, and as many rows as it takes.
[[nodiscard]] JobPlan make_plan(std::span<const PlanWish> wishes,
                                const PlanWorld& world,
                                const MatchingRules& rules);

}  // namespace nearfab::router
