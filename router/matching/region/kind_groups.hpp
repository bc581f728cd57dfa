// SPDX-License-Identifier: GPL-3.0-or-later
// kind_groups.hpp - many different machines of one process as at most 64 kinds.
//
// While there are no more, each is a kind of its own. Otherwise the widest group is halved until
// there are 64, and a kind is the best of its group in everything. The result depends on the set of
// machines alone, not on their order.

#pragma once

#include "proto/model/region.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace nearfab::router {

class KindGroups {
public:
    explicit KindGroups(const std::set<RegionKind>& machines);

    [[nodiscard]] const std::vector<RegionKind>& kinds() const { return kinds_; }
    // REQUIRES: it is one of the machines.
    [[nodiscard]] std::size_t group_of(const RegionKind& machine) const {
        return groups_.at(machine);
    }
    // The same promise in fewer bits: without the kinds that another one of the set covers.
    [[nodiscard]] std::uint64_t without_covered(std::uint64_t kinds) const;

private:
    std::vector<RegionKind> kinds_;
    std::map<RegionKind, std::size_t> groups_;
    std::vector<std::uint64_t> covered_by_;  // For each kind, the others that cover it.
};

}  // namespace nearfab::router
