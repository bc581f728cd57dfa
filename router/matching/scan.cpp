// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/scan.hpp"

#include "base/check.hpp"
#include "router/matching/ranking.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <tuple>

namespace nearfab::router {
namespace {

TreeCost by_distance(const MachineChoice&, double chord2) {
    return {chord2, 0, 0};
}

bool is_capable(const MachineChoice& choice, double) {
    return first_unmet(choice) == nullptr;
}

}  // namespace

Scan::Scan(const Question& question, std::span<const FabView> fabs, const MatchingRules& rules)
    : question_{question}, fabs_{fabs}, rules_{rules} {}

std::size_t Scan::machines() const {
    std::size_t count = 0;
    for (const FabView& fab : fabs_)
        count += fab.machines.size();
    return count;
}

std::unique_ptr<Finder> Scan::asking(const Question& other) const {
    return std::make_unique<Scan>(other, fabs_, rules_);
}

std::vector<Found> Scan::sorted(const Wanted& wanted, const Cost& cost) const {
    struct Ranked {
        TreeCost cost;
        std::uint16_t lot = 0;
        Found found;
    };
    const GlobePoint use = globe_point(question_.place_of_use);
    std::vector<Ranked> ranked;
    for (const FabView& fab : fabs_) {
        NEARFAB_CHECK(fab.machines.size() == fab.advertisement->machines.size(),
                      "a fab's view lacks machines");
        const double distance = chord2(use, globe_point(fab.advertisement->place));
        for (const MachineView& machine : fab.machines) {
            const MachineChoice choice{question_, fab, machine, rules_};
            if (!wanted(choice, distance)) continue;
            ranked.push_back({cost(choice, distance),
                              lot_of(fab.fab, machine.capability->machine),
                              {&fab, &machine, distance}});
        }
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        if (a.cost != b.cost) return a.cost < b.cost;
        return std::tie(a.lot, a.found.fab->fab, a.found.machine->capability->machine) <
               std::tie(b.lot, b.found.fab->fab, b.found.machine->capability->machine);
    });
    std::vector<Found> found;
    found.reserve(ranked.size());
    for (const Ranked& r : ranked)
        found.push_back(r.found);
    return found;
}

std::vector<Found> Scan::first(std::size_t most, const Wanted& wanted, const Cost& cost) const {
    std::vector<Found> found = sorted(wanted, cost);
    if (found.size() > most) found.resize(most);
    return found;
}

std::vector<Found> Scan::nearest(std::size_t most) const {
    return first(most, is_capable, [](const MachineChoice& choice, double chord2) {
        return TreeCost{
            chord2, static_cast<double>(finish_seconds(choice.question, choice.machine)), 0};
    });
}

std::vector<Found> Scan::best(std::size_t most) const {
    return first(most, is_capable, cost_of);
}

std::vector<Found> Scan::least_shared(double chord2_max,
                                      std::size_t most,
                                      const std::set<FabId>& without) const {
    return first(
        most,
        [&](const MachineChoice& choice, double chord2) {
            return chord2 <= chord2_max && !without.contains(choice.fab.fab) &&
                   is_capable(choice, chord2);
        },
        [](const MachineChoice& choice, double) { return cost_by_share(choice); });
}

std::vector<Found> Scan::failing(std::size_t most, std::size_t looked_at) const {
    std::vector<Found> failing;
    std::size_t seen = 0;
    for (const Found& found :
         sorted([](const MachineChoice&, double) { return true; }, by_distance)) {
        if (failing.size() == most) break;
        const MachineChoice choice{question_, *found.fab, *found.machine, rules_};
        const bool near = seen++ < looked_at;
        if (near ? first_unmet(choice) != nullptr : cannot_as_it_is(choice)) {
            failing.push_back(found);
        }
    }
    return failing;
}

std::vector<Found> Scan::failing_only(Requirement requirement, std::size_t most) const {
    return first(
        most,
        [&](const MachineChoice& choice, double) { return fails_only(choice, requirement); },
        by_distance);
}

}  // namespace nearfab::router
