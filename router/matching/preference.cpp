// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/preference.hpp"

#include "router/matching/ranking.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace nearfab::router {

void order_by_share(std::span<Found> found, const Question& question, const MatchingRules& rules) {
    const auto key = [&](const Found& f) {
        const MachineChoice choice{question, *f.fab, *f.machine, rules};
        return std::tuple{cost_by_share(choice),
                          lot_of(f.fab->fab, f.machine->capability->machine),
                          f.fab->fab,
                          f.machine->capability->machine};
    };
    std::sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
        return key(a) < key(b);
    });
}

std::set<FabId> fabs_with_too_much(std::span<const Found> found,
                                   double chord2_max,
                                   const MatchingRules& rules) {
    std::map<FabId, std::int64_t> work;
    std::int64_t total = 0;
    for (const Found& f : found) {
        if (f.chord2 > chord2_max) continue;
        if (work.emplace(f.fab->fab, f.fab->recent_work_s).second) total += f.fab->recent_work_s;
    }
    std::set<FabId> large;
    if (total < rules.share_counts_from_s) return large;
    for (const auto& [fab, seconds] : work) {
        if (static_cast<double>(seconds) > rules.share_max * static_cast<double>(total)) {
            large.insert(fab);
        }
    }
    return large;
}

}  // namespace nearfab::router
