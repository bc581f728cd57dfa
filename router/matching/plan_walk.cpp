// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/plan_walk.hpp"

#include "router/matching/preference.hpp"
#include "router/matching/ranking.hpp"

#include <algorithm>

namespace nearfab::router {
namespace {

constexpr std::size_t first_page = 64;
constexpr std::size_t page_growth = 4;

std::size_t next_page(std::size_t asked) {
    return asked == 0 ? first_page : std::min(plan_machines_max, asked * page_growth);
}

}  // namespace

const PlanStop* PlanWalk::stop(std::size_t number) {
    while (stops_.size() <= number && !ended_)
        go_on();
    return number < stops_.size() ? &stops_[number] : nullptr;
}

void PlanWalk::go_on() {
    if (question_.objective == Objective::nearest && asked_ == 0) {
        begin_near();
        return;
    }
    asked_ = next_page(asked_);
    if (question_.objective == Objective::nearest) {
        const std::vector<Found> found = finder_.nearest(asked_);
        ended_ = found.size() < asked_ || asked_ == plan_machines_max;
        add_fabs(found);
        return;
    }
    const std::vector<Found> found = finder_.best(asked_);
    ended_ = found.size() < asked_ || asked_ == plan_machines_max;
    for (std::size_t i = stops_.size(); i < found.size(); ++i)
        stops_.push_back({found[i].chord2, {found[i]}});
}

// The order is settled only when everybody is known whom the rules compare with each other.
void PlanWalk::begin_near() {
    std::vector<Found> found;
    double compared = 0;
    do {
        asked_ = next_page(asked_);
        found = finder_.nearest(asked_);
        ended_ = found.size() < asked_ || asked_ == plan_machines_max;
        if (found.empty()) return;
        compared = chord2_reaching(share_reach_km(ground_km(found.front().chord2), rules_));
    } while (!ended_ && found.back().chord2 <= compared);
    const double near =
        chord2_reaching(neighbourhood_km(ground_km(found.front().chord2), rules_));
    const auto first_beyond = [&found](double reach) {
        return std::find_if(
            found.begin(), found.end(), [reach](const Found& f) { return f.chord2 > reach; });
    };
    const auto neighbours = first_beyond(near) - found.begin();
    order_by_share(
        std::span{found}.first(static_cast<std::size_t>(neighbours)), question_, rules_);
    const std::set<FabId> large = fabs_with_too_much(found, compared, rules_);
    std::stable_partition(found.begin(), first_beyond(compared), [&large](const Found& f) {
        return !large.contains(f.fab->fab);
    });
    add_fabs(found);
}

void PlanWalk::add_fabs(const std::vector<Found>& found) {
    for (const Found& f : found) {
        if (!seen_.insert(f.fab->fab).second) continue;
        // The page may have ended in the middle of a fab.
        PlanStop stop{f.chord2, {}};
        for (const MachineView& machine : f.fab->machines) {
            if (first_unmet({question_, *f.fab, machine, rules_}) == nullptr) {
                stop.machines.push_back({f.fab, &machine, f.chord2});
            }
        }
        stops_.push_back(std::move(stop));
    }
}

}  // namespace nearfab::router
