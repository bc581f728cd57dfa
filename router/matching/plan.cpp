// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/plan.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/matcher.hpp"
#include "router/matching/plan_walk.hpp"
#include "router/matching/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

constexpr double everywhere = std::numeric_limits<double>::infinity();

using MachineName = std::pair<FabId, MachineId>;

// What earlier parts of the job, and other jobs, have taken of a machine.
using Taken = std::map<MachineName, PlannedAhead>;

void take_material(PlannedAhead& taken, const MaterialId& material, double grams) {
    for (MaterialStock& stock : taken.materials) {
        if (stock.material != material) continue;
        stock.available_g += grams;
        return;
    }
    taken.materials.push_back({material, grams});
}

std::optional<Money> price_times(std::optional<Money> price, std::uint32_t pieces) {
    if (price) price->minor = std::min(price->minor * pieces, limits::money_max);
    return price;
}

template <typename Row>
std::vector<Row> first_few(std::vector<Row> rows) {
    if (rows.size() > limits::plan_misses_max) rows.resize(limits::plan_misses_max);
    return rows;
}

// A machine as one part of the job sees it.
struct Station {
    Found found;
    std::int64_t start_s = 0;  // When it can begin with the first piece.
    std::int64_t making_s = 0;
    std::uint32_t room = 0;  // Pieces for which it has material.
    std::uint32_t pieces = 0;
    std::uint32_t late = 0;

    [[nodiscard]] std::int64_t done_s(std::uint32_t piece) const {
        return std::min(start_s + making_s * piece, limits::span_s_max);
    }
    [[nodiscard]] std::int64_t next_s() const { return done_s(pieces + 1); }
    [[nodiscard]] bool is_full() const { return pieces == room; }
};

// Plans one part.
class PartPlanner {
public:
    PartPlanner(const PlanWish& wish,
                const PlanWorld& world,
                const MatchingRules& rules,
                Taken& taken)
        : wish_{wish},
          world_{world},
          rules_{rules},
          taken_{taken},
          question_{wish.question},
          left_{wish.pieces} {
        question_.deadline_s.reset();
    }

    void plan();
    [[nodiscard]] std::vector<Found> full_for(const Question& question) const {
        return full_and_able(question, world_.full, rules_);
    }
    // Adds the rows, and takes of the machines what they need.
    void tell(JobPlan& plan);

private:
    void near_first(const Question& question, PlanWalk& walk, std::int64_t by_s, double reach);
    void patiently();
    void soonest(Question question, std::int64_t by_s);
    void fill(std::size_t first, std::size_t end, std::int64_t by_s);
    void give(Station& station);
    void start_again();
    std::size_t add_station(const Found& found);
    PlanPart outcome();
    void explain(PlanPart& part);

    const PlanWish& wish_;
    const PlanWorld& world_;
    const MatchingRules& rules_;
    Taken& taken_;
    Question question_;  // Without the deadline.
    std::uint32_t left_;
    std::vector<Station> stations_;
    std::map<MachineName, std::size_t> station_of_;
    std::vector<std::pair<std::size_t, std::size_t>> stops_;  // Ranges of stations.
};

void PartPlanner::plan() {
    const auto& deadline = wish_.question.deadline_s;
    if (question_.objective == Objective::soonest) {
        // Those who could be in time first, so that nobody else fills the machines looked at.
        if (deadline) soonest(wish_.question, *deadline);
        soonest(question_, limits::span_s_max);
    } else if (deadline) {
        const auto finder = world_.finder_for(wish_.question);
        PlanWalk walk{wish_.question, *finder, rules_, full_for(wish_.question)};
        near_first(wish_.question, walk, *deadline, everywhere);
        soonest(question_, limits::span_s_max);
    } else {
        patiently();
    }
}

// What fits into a day and near; then into two days and twice as far; ...
void PartPlanner::patiently() {
    const auto finder = world_.finder_for(question_);
    PlanWalk walk{question_, *finder, rules_, full_for(question_)};
    const PlanStop* nearest = walk.stop(0);
    if (nearest == nullptr) return;
    const double compared_km = share_reach_km(ground_km(nearest->chord2), rules_);
    const Capability& machine = *nearest->machines.front().machine->capability;
    const std::int64_t making = making_seconds(question_, machine.build_rate_cm3_per_h);
    std::int64_t by_s = std::max(plan_patience_s, plan_patience_makings * making);
    for (;; by_s *= 2) {
        const bool last = by_s >= limits::span_s_max;
        const double days = static_cast<double>(by_s) / 86400;
        const bool far = last || question_.objective != Objective::nearest;
        const double reach =
            far ? everywhere : chord2_reaching(compared_km + days * plan_reach_km_per_day);
        start_again();
        near_first(question_, walk, last ? limits::span_s_max : by_s, reach);
        if (left_ == 0 || last) return;
    }
}

void PartPlanner::start_again() {
    for (Station& station : stations_)
        station.pieces = station.late = 0;
    left_ = wish_.pieces;
}

void PartPlanner::near_first(const Question& question,
                             PlanWalk& walk,
                             std::int64_t by_s,
                             double reach) {
    for (std::size_t i = 0; left_ > 0; ++i) {
        const PlanStop* stop = walk.stop(i);
        if (stop == nullptr) return;
        // The order is by distance from here on.
        if (question.objective == Objective::nearest && stop->chord2 > reach) return;
        if (i == stops_.size()) {
            const std::size_t first = stations_.size();
            for (const Found& found : stop->machines)
                add_station(found);
            stops_.emplace_back(first, stations_.size());
        }
        fill(stops_[i].first, stops_[i].second, by_s);
    }
}

// Each next piece to the machine that is done with it first.
void PartPlanner::fill(std::size_t first, std::size_t end, std::int64_t by_s) {
    using Turn = std::tuple<std::int64_t, double, std::size_t>;
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
    const auto line_up = [&](std::size_t i) {
        const Station& station = stations_[i];
        if (station.is_full() || station.next_s() > by_s) return;
        turns.emplace(station.next_s(), station.found.chord2, i);
    };
    for (std::size_t i = first; i < end; ++i)
        line_up(i);
    while (left_ > 0 && !turns.empty()) {
        const std::size_t i = std::get<std::size_t>(turns.top());
        turns.pop();
        give(stations_[i]);
        line_up(i);
    }
}

void PartPlanner::give(Station& station) {
    const auto& deadline = wish_.question.deadline_s;
    if (deadline && station.next_s() > *deadline) ++station.late;
    ++station.pieces;
    --left_;
}

// A finder knows nothing of what is planned ahead, so its order is only a promise: nobody whom it
// has not named yet is done sooner than the last whom it named.
void PartPlanner::soonest(Question question, std::int64_t by_s) {
    question.objective = Objective::soonest;
    const auto finder = world_.finder_for(question);
    for (const Found& full : full_for(question))
        add_station(full);
    // Some of those found first are full.
    std::size_t most = std::min<std::size_t>(plan_machines_max, left_ + stations_.size() + 64);
    while (left_ > 0) {
        const std::vector<Found> found = finder->best(most);
        for (const Found& f : found)
            add_station(f);
        const bool all = found.size() < most || most == plan_machines_max;
        const std::int64_t known_until =
            all ? by_s : std::min(by_s, finish_seconds(question, *found.back().machine));
        fill(0, stations_.size(), known_until);
        if (known_until == by_s) return;
        most = std::min(plan_machines_max, 4 * most);
    }
}

std::size_t PartPlanner::add_station(const Found& found) {
    const MachineName name{found.fab->fab, found.machine->capability->machine};
    const auto [at, is_new] = station_of_.emplace(name, stations_.size());
    if (!is_new) return at->second;
    auto taken = taken_.find(name);
    if (taken == taken_.end()) {
        taken = taken_.emplace(name, world_.ahead_of(name.first, name.second)).first;
    }
    double free = free_g(*found.machine, wish_.question.part.material);
    for (const MaterialStock& stock : taken->second.materials) {
        if (stock.material == wish_.question.part.material) free -= stock.available_g;
    }
    Station station;
    station.found = found;
    station.start_s = wait_seconds(*found.machine) + taken->second.seconds;
    station.making_s = making_seconds(question_, found.machine->capability->build_rate_cm3_per_h);
    // Pieces without mass are none that material could run out of.
    const double room = question_.mass_g > 0 ? std::floor(free / question_.mass_g) : wish_.pieces;
    station.room =
        static_cast<std::uint32_t>(std::clamp(room, 0.0, static_cast<double>(wish_.pieces)));
    stations_.push_back(station);
    return at->second;
}

void PartPlanner::tell(JobPlan& plan) {
    for (const Station& station : stations_) {
        if (station.pieces == 0) continue;
        const Capability& machine = *station.found.machine->capability;
        PlanRow row;
        row.part = wish_.part;
        row.fab = station.found.fab->fab;
        row.machine = machine.machine;
        row.pieces = station.pieces;
        row.late = station.late;
        row.making_s = station.making_s;
        row.first_s = station.done_s(1);
        row.last_s = station.done_s(station.pieces);
        row.distance_km = ground_km(station.found.chord2);
        row.mass_g = std::min(question_.mass_g, limits::mass_g_max);
        row.price = price_times(asked_price(question_, machine), row.pieces);
        row.footprint = times(footprint_of(question_, machine, row.distance_km), row.pieces);
        PlannedAhead& taken = taken_.at({row.fab, row.machine});
        taken.seconds += row.making_s * row.pieces;
        take_material(taken, question_.part.material, question_.mass_g * row.pieces);
        plan.rows.push_back(std::move(row));
    }
    plan.parts.push_back(outcome());
}

PlanPart PartPlanner::outcome() {
    PlanPart part;
    part.part = wish_.part;
    part.pieces = wish_.pieces;
    part.unplaced = left_;
    for (const Station& station : stations_) {
        if (station.pieces == 0) continue;
        part.late += station.late;
        part.finish_s = std::max(part.finish_s, station.done_s(station.pieces));
    }
    if (left_ > 0) explain(part);
    return part;
}

void PartPlanner::explain(PlanPart& part) {
    const auto finder = world_.finder_for(question_);
    MatchReport report = match(question_, *finder, rules_);
    const std::uint32_t placed = wish_.pieces - left_;
    if (report.candidates.empty()) {
        part.reason = summary_of_misses(report);
    } else {
        part.reason = fmt::format(
            "the machines that can make it now have {} free for {} of {} "
            "pieces",
            question_.part.material.text(),
            placed,
            wish_.pieces);
    }
    part.misses = first_few(std::move(report.rejections));
    part.alternatives = first_few(std::move(report.alternatives));
}

void sum_up(JobPlan& plan) {
    std::set<FabId> fabs;
    std::set<MachineName> machines;
    for (const PlanRow& row : plan.rows) {
        fabs.insert(row.fab);
        machines.insert({row.fab, row.machine});
        plan.finish_s = std::max(plan.finish_s, row.last_s);
        plan.farthest_km = std::max(plan.farthest_km, row.distance_km);
    }
    plan.fabs = static_cast<std::uint32_t>(fabs.size());
    plan.machines = static_cast<std::uint32_t>(machines.size());
    sum_up_figures(plan);
}

}  // namespace

JobPlan make_plan(std::span<const PlanWish> wishes,
                  const PlanWorld& world,
                  const MatchingRules& rules) {
    JobPlan plan;
    Taken taken;
    for (const PlanWish& wish : wishes) {
        PartPlanner planner{wish, world, rules, taken};
        planner.plan();
        planner.tell(plan);
        if (const auto& deadline = wish.question.deadline_s) {
            plan.deadline_s = std::clamp<std::int64_t>(*deadline, 0, limits::span_s_max);
        }
    }
    sum_up(plan);
    return plan;
}

}  // namespace nearfab::router
