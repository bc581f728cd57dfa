// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/plan_walk.hpp"

#include "router/matching/preference.hpp"
#include "router/matching/ranking.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t first_page = 64;
constexpr std::size_t page_growth = 4;

std::size_t next_page(std::size_t asked) {
    return asked == 0 ? first_page : std::min(plan_machines_max, asked * page_growth);
}

}  // namespace

PlanWalk::PlanWalk(const Question& question,
                   const Finder& finder,
                   const MatchingRules& rules,
                   std::vector<Found> full)
    : question_{question}, finder_{finder}, rules_{rules}, full_{std::move(full)} {
    rules_.queue_per_machine_max = std::numeric_limits<std::uint32_t>::max();
}

const PlanStop* PlanWalk::stop(std::size_t number) {
    while (stops_.size() <= number && !ended_)
        go_on();
    return number < stops_.size() ? &stops_[number] : nullptr;
}

void PlanWalk::go_on() {
    if (question_.objective != Objective::nearest) {
        add_machines(page());
    } else if (asked_ == 0) {
        begin_near();
    } else {
        add_fabs(page());
    }
}

// The best machines, more than the time before, with the full ones where they belong.
std::vector<Found> PlanWalk::page() {
    asked_ = next_page(asked_);
    const bool near = question_.objective == Objective::nearest;
    std::vector<Found> found = near ? finder_.nearest(asked_) : finder_.best(asked_);
    ended_ = found.size() < asked_ || asked_ == plan_machines_max;
    if (full_.empty()) return found;
    const auto goes_before = [this](const Found& a, const Found& b) {
        const auto key = [this](const Found& f) {
            return std::tuple{cost_of({question_, *f.fab, *f.machine, rules_}, f.chord2),
                              lot_of(f.fab->fab, f.machine->capability->machine),
                              f.fab->fab,
                              f.machine->capability->machine};
        };
        return key(a) < key(b);
    };
    // Those behind the last one come with a later page.
    const auto last = found.empty() ? Found{} : found.back();
    for (const Found& full : full_) {
        if (ended_ || goes_before(full, last)) found.push_back(full);
    }
    std::sort(found.begin(), found.end(), goes_before);
    return found;
}

// In the order of preference.hpp, which is settled only when everybody is known whom the rules
// compare with each other.
void PlanWalk::begin_near() {
    std::vector<Found> found;
    double compared = 0;
    do {
        found = page();
        if (found.empty()) return;
        compared = chord2_reaching(share_reach_km(ground_km(found.front().chord2), rules_));
    } while (!ended_ && found.back().chord2 <= compared);
    const double near = chord2_reaching(neighbourhood_km(ground_km(found.front().chord2), rules_));
    const std::set<FabId> large = fabs_with_too_much(found, compared, rules_);
    // Not all neighbours are known: those with the least work need not be the nearest of them.
    if (ended_ && asked_ == plan_machines_max && found.back().chord2 <= near) {
        found = finder_.least_shared(near, plan_machines_max, {});
        std::copy_if(full_.begin(), full_.end(), std::back_inserter(found), [near](const Found& f) {
            return f.chord2 <= near;
        });
    }
    const auto first_beyond = [&found](double reach) {
        return std::find_if(
            found.begin(), found.end(), [reach](const Found& f) { return f.chord2 > reach; });
    };
    const auto neighbours = first_beyond(near) - found.begin();
    order_by_share(std::span{found}.first(static_cast<std::size_t>(neighbours)), question_, rules_);
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

void PlanWalk::add_machines(const std::vector<Found>& found) {
    for (const Found& f : found) {
        if (seen_machines_.insert(f.machine).second) stops_.push_back({f.chord2, {f}});
    }
}

std::vector<Found> full_and_able(const Question& question,
                                 std::span<const Found> full,
                                 const MatchingRules& rules) {
    MatchingRules open = rules;
    open.queue_per_machine_max = std::numeric_limits<std::uint32_t>::max();
    const GlobePoint use = globe_point(question.place_of_use);
    std::vector<Found> able;
    for (const Found& f : full) {
        if (first_unmet({question, *f.fab, *f.machine, rules}) == nullptr) continue;  // Not full.
        if (first_unmet({question, *f.fab, *f.machine, open}) != nullptr) continue;
        able.push_back({f.fab, f.machine, chord2(use, globe_point(f.fab->advertisement->place))});
    }
    return able;
}

}  // namespace nearfab::router
