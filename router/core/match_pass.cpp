// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/match_pass.hpp"

namespace nearfab::router {

std::optional<WorkOrderId> MatchPass::next(const WaitingLines& lines) {
    while (!turns_.empty()) {
        Turn turn = turns_.top();
        turns_.pop();
        const auto line = lines.find(turn.who);
        if (line == lines.end()) continue;
        const bool still_there = line->second.contains(turn.place);
        WorkOrderId id = turn.place.second;
        const auto behind = line->second.upper_bound(turn.place);
        if (behind != line->second.end()) {
            turn.place = *behind;
            turn.round += still_there ? 1 : 0;
            turns_.push(std::move(turn));
        }
        if (still_there) return id;
    }
    return std::nullopt;
}

}  // namespace nearfab::router
