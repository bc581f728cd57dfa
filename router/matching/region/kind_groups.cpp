// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/kind_groups.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/region/region_sum.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace nearfab::router {
namespace {

constexpr std::size_t figures = 6;

// By one more, so that zero has a ratio to the others.
std::array<double, figures> figures_of(const RegionKind& kind) {
    return {kind.longer_um + 1.0,
            kind.shorter_um + 1.0,
            kind.height_um + 1.0,
            kind.feature_um + 1.0,
            kind.tolerance_um + 1.0,
            static_cast<double>(kind.rate_mm3_per_h) + 1};
}

struct Group {
    std::vector<RegionKind> machines;
    std::size_t figure = 0;  // In which the largest is the most times the smallest.
    double ratio = 1;
    double middle = 0;  // Between the two, by ratio.
};

Group group_of_machines(std::vector<RegionKind> machines) {
    Group group{std::move(machines), 0, 1, 0};
    for (std::size_t f = 0; f < figures; ++f) {
        double low = figures_of(group.machines.front())[f];
        double high = low;
        for (const RegionKind& machine : group.machines) {
            low = std::min(low, figures_of(machine)[f]);
            high = std::max(high, figures_of(machine)[f]);
        }
        if (high / low <= group.ratio) continue;
        group.figure = f;
        group.ratio = high / low;
        group.middle = std::sqrt(high) * std::sqrt(low);
    }
    return group;
}

std::vector<Group> grouped(const std::set<RegionKind>& machines) {
    std::vector<Group> groups;
    if (machines.empty()) return groups;
    if (machines.size() <= limits::region_kinds_max) {
        for (const RegionKind& machine : machines)
            groups.push_back({{machine}, 0, 1, 0});
        return groups;
    }
    groups.push_back(group_of_machines({machines.begin(), machines.end()}));
    while (groups.size() < limits::region_kinds_max) {
        const auto widest =
            std::max_element(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
                return a.ratio < b.ratio;
            });
        std::vector<RegionKind> low;
        std::vector<RegionKind> high;
        for (const RegionKind& machine : widest->machines) {
            const bool is_low = figures_of(machine)[widest->figure] < widest->middle;
            (is_low ? low : high).push_back(machine);
        }
        // Nothing left but machines that are alike to the last digits.
        if (low.empty() || high.empty()) break;
        *widest = group_of_machines(std::move(low));
        groups.push_back(group_of_machines(std::move(high)));
    }
    return groups;
}

}  // namespace

KindGroups::KindGroups(const std::set<RegionKind>& machines) {
    for (const Group& group : grouped(machines)) {
        RegionKind best = group.machines.front();
        for (const RegionKind& machine : group.machines) {
            include(best, machine);
            groups_.emplace(machine, kinds_.size());
        }
        kinds_.push_back(best);
    }
    covered_by_.assign(kinds_.size(), 0);
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
        for (std::size_t other = 0; other < kinds_.size(); ++other) {
            // Of two that are the same the first one stays.
            const bool twin = kinds_[other] == kinds_[k];
            if (other != k && covers(kinds_[other], kinds_[k]) && (!twin || other < k)) {
                covered_by_[k] |= std::uint64_t{1} << other;
            }
        }
    }
}

std::uint64_t KindGroups::without_covered(std::uint64_t kinds) const {
    std::uint64_t left = kinds;
    for (std::uint64_t rest = kinds; rest != 0; rest &= rest - 1) {
        const auto k = static_cast<std::size_t>(std::countr_zero(rest));
        if ((covered_by_[k] & kinds) != 0) left &= ~(std::uint64_t{1} << k);
    }
    return left;
}

}  // namespace nearfab::router
