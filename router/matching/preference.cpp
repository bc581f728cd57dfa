// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/preference.hpp"

#include "router/matching/ranking.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t first_page = 64;
constexpr std::size_t page_growth = 4;

// The recent work of the fabs in reach.
struct RegionWork {
    std::map<FabId, std::int64_t> by_fab;
    std::int64_t total = 0;

    void add(std::span<const Found> found, double chord2_max) {
        for (const Found& f : found) {
            if (f.chord2 > chord2_max) continue;
            if (by_fab.emplace(f.fab->fab, f.fab->recent_work_s).second) {
                total += f.fab->recent_work_s;
            }
        }
    }
    [[nodiscard]] static bool is_too_much(std::int64_t seconds,
                                          std::int64_t of_total,
                                          const MatchingRules& rules) {
        return static_cast<double>(seconds) > rules.share_max * static_cast<double>(of_total);
    }
    [[nodiscard]] std::set<FabId> large(const MatchingRules& rules) const {
        std::set<FabId> large;
        if (total < rules.share_counts_from_s) return large;
        for (const auto& [fab, seconds] : by_fab) {
            if (is_too_much(seconds, total, rules)) large.insert(fab);
        }
        return large;
    }
    // Whether one of these could have too much, whoever else is found in reach.
    [[nodiscard]] bool suspects(std::span<const Found> found, const MatchingRules& rules) const {
        const std::int64_t least = std::max(total, rules.share_counts_from_s);
        return std::any_of(found.begin(), found.end(), [&](const Found& f) {
            const auto work = by_fab.find(f.fab->fab);
            return work != by_fab.end() && is_too_much(work->second, least, rules);
        });
    }
};

struct Region {
    std::vector<Found> found;  // By distance; goes on beyond the reach if there is somebody.
    RegionWork work;
    std::set<FabId> large;
};

// Asks for the region only while one of those listed may have too much of its work: the share of
// somebody who is not listed changes nothing.
Region region_of(std::span<const Found> listed,
                 const Finder& finder,
                 const MatchingRules& rules,
                 double reach) {
    Region region;
    region.work.add(listed, reach);
    for (std::size_t most = first_page; region.work.suspects(listed, rules);
         most = std::min(region_machines_max, most * page_growth)) {
        region.found = finder.nearest(most);
        const bool complete = region.found.size() < most || region.found.back().chord2 > reach ||
                              most == region_machines_max;
        if (complete) region.work = {};
        region.work.add(region.found, reach);
        if (!complete) continue;
        region.large = region.work.large(rules);
        const bool others =
            std::any_of(region.found.begin(), region.found.end(), [&](const Found& f) {
                return f.chord2 <= reach && !region.large.contains(f.fab->fab);
            });
        const bool listed_has_one = std::any_of(listed.begin(), listed.end(), [&](const Found& f) {
            return f.chord2 <= reach && region.large.contains(f.fab->fab);
        });
        // Nobody to go before them, or nothing to be changed by it.
        if (!others || !listed_has_one) region.large.clear();
        break;
    }
    return region;
}

class NearOrder {
public:
    NearOrder(const Question& question,
              const Finder& finder,
              const MatchingRules& rules,
              std::size_t most)
        : question_{question}, finder_{finder}, rules_{rules}, most_{most} {}

    std::vector<Preferred> first() {
        const std::vector<Found> found = finder_.nearest(most_);
        if (found.empty()) return {};
        const double nearest_km = ground_km(found.front().chord2);
        near_ = chord2_reaching(neighbourhood_km(nearest_km, rules_));
        reach_ = chord2_reaching(share_reach_km(nearest_km, rules_));
        const std::vector<Found> listed = without_sparing(found);
        const Region region = region_of(listed, finder_, rules_, reach_);
        if (region.large.empty()) {
            add(listed, region);
        } else {
            add_sparing(region);
        }
        must_.push_back({found.front(), true, 0, true});
        keep_one_of_each_fab(found.front());
        return cut();
    }

private:
    std::vector<Found> without_sparing(std::vector<Found> found) const {
        const auto beyond = std::find_if(
            found.begin(), found.end(), [this](const Found& f) { return f.chord2 > near_; });
        // When the list is full of neighbours, there may be others with less work.
        if (beyond == found.end() && found.size() == most_) {
            return finder_.least_shared(near_, most_, {});
        }
        const auto neighbours = static_cast<std::size_t>(beyond - found.begin());
        order_by_share(std::span{found}.first(neighbours), question_, rules_);
        return found;
    }

    void add(std::span<const Found> found, const Region& region) {
        for (const Found& f : found) {
            const bool spared = f.chord2 <= reach_ && region.large.contains(f.fab->fab);
            const double part = spared ? static_cast<double>(region.work.by_fab.at(f.fab->fab)) /
                                             static_cast<double>(region.work.total)
                                       : 0;
            order_.push_back({f, f.chord2 <= near_, part, false});
        }
    }

    void add_sparing(const Region& region) {
        add(finder_.least_shared(near_, most_, region.large), region);
        std::vector<Found> near_by;
        std::vector<Found> spared;
        std::vector<Found> beyond;
        for (const Found& f : region.found) {
            if (f.chord2 > reach_) {
                beyond.push_back(f);
            } else if (region.large.contains(f.fab->fab)) {
                spared.push_back(f);
            } else if (f.chord2 > near_) {
                near_by.push_back(f);
            }
        }
        const auto neighbours = std::count_if(
            spared.begin(), spared.end(), [this](const Found& f) { return f.chord2 <= near_; });
        order_by_share(
            std::span{spared}.first(static_cast<std::size_t>(neighbours)), question_, rules_);
        add(near_by, region);
        const std::size_t first_spared = order_.size();
        add(spared, region);
        must_.assign(order_.begin() + static_cast<std::ptrdiff_t>(first_spared), order_.end());
        add(beyond, region);
    }

    // So many of the order as leave room for those who must be in the list.
    std::vector<Preferred> cut() {
        std::vector<Preferred> list;
        for (const Preferred& next : order_) {
            const auto is_next = [&next](const Preferred& p) {
                return p.found.fab == next.found.fab;
            };
            const auto missing = static_cast<std::size_t>(
                std::count_if(must_.begin(), must_.end(), std::not_fn(is_next)));
            if (list.size() + 1 + missing > most_) break;
            std::erase_if(must_, is_next);
            list.push_back(next);
        }
        list.insert(list.end(), must_.begin(), must_.end());
        return list;
    }

    void keep_one_of_each_fab(const Found& nearest) {
        std::set<const FabView*> seen;
        std::erase_if(must_,
                      [&seen](const Preferred& p) { return !seen.insert(p.found.fab).second; });
        std::stable_partition(must_.begin(), must_.end(), [&nearest](const Preferred& p) {
            return p.found.fab == nearest.fab;
        });
        if (must_.size() > most_ / 2) must_.resize(most_ / 2);
    }

    const Question& question_;
    const Finder& finder_;
    const MatchingRules& rules_;
    std::size_t most_;
    double near_ = 0;  // Squared chords.
    double reach_ = 0;
    std::vector<Preferred> order_;
    std::vector<Preferred> must_;  // Fabs that must not be missing, in order.
};

}  // namespace

std::vector<Preferred> in_order_of_nearness(const Question& question,
                                            const Finder& finder,
                                            const MatchingRules& rules,
                                            std::size_t most) {
    return NearOrder{question, finder, rules, most}.first();
}

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
    RegionWork work;
    work.add(found, chord2_max);
    return work.large(rules);
}

}  // namespace nearfab::router
