// SPDX-License-Identifier: GPL-3.0-or-later
// match_pass.hpp - whose waiting work is tried next: one pass over all of it, in turn, in pieces.
//
// Whose work holds the fewest places comes first, so that a thousand pieces of one designer leave
// room for one piece of another; among equals first come, first served; within a job by number. A
// pass can be left and gone on with later; beginning one costs as much as there are submitters,
// not as much as there is work.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::router {

// Waiting work of each submitter, by the steady time at which its job was submitted, then by name.
using WaitingLines = std::map<IdentityId, std::set<std::pair<WallTime, WorkOrderId>>>;

class MatchPass {
public:
    // `places` tells how many places the work of a submitter holds already.
    template <typename Places>
    void begin(const WaitingLines& lines, const Places& places) {
        turns_ = {};
        for (const auto& [who, line] : lines) {
            if (!line.empty()) turns_.push({places(who), *line.begin(), who});
        }
    }
    // Another submitter has work in the lines now, the first of it at `first`.
    void add(std::size_t places,
             const IdentityId& who,
             const std::pair<WallTime, WorkOrderId>& first) {
        turns_.push({places, first, who});
    }
    void stop() { turns_ = {}; }
    [[nodiscard]] bool over() const { return turns_.empty(); }
    // The next in turn. `lines` may have changed since; what is not in them any more is left out.
    [[nodiscard]] std::optional<WorkOrderId> next(const WaitingLines& lines);

private:
    struct Turn {
        std::size_t round = 0;
        std::pair<WallTime, WorkOrderId> place;
        IdentityId who;
    };
    struct Later {
        bool operator()(const Turn& a, const Turn& b) const {
            return std::tie(a.round, a.place.first, a.who) >
                   std::tie(b.round, b.place.first, b.who);
        }
    };
    std::priority_queue<Turn, std::vector<Turn>, Later> turns_;
};

}  // namespace nearfab::router
