// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/waiting_tally.hpp"

#include "router/core/ledger.hpp"
#include "router/core/restored_hold.hpp"

#include <algorithm>

namespace nearfab::router {

WaitsFor waits_for(const WorkOrder& queued) {
    if (queued.waits_for.empty()) {
        return queued.planned ? WaitsFor::a_place : WaitsFor::not_tried;
    }
    // Nobody was asked then, so the report says nothing.
    if (queued.waits_for.starts_with(restored_hold_words)) return WaitsFor::restored;
    return lacking(queued.report);
}

void WaitingTally::count(WaitingPieces& of_job, WaitsFor what, bool more) {
    const auto idle = [&of_job] {
        return std::all_of(of_job.begin(), of_job.end(), [](std::uint16_t n) { return n == 0; });
    };
    const auto number = static_cast<std::size_t>(what);
    std::uint16_t& pieces = of_job[number];
    Count& count = by_reason_[number];
    if (more) {
        all_.jobs += idle() ? 1U : 0U;
        count.jobs += pieces == 0 ? 1U : 0U;
        ++pieces;
        ++count.pieces;
        ++all_.pieces;
    } else {
        --pieces;
        --count.pieces;
        --all_.pieces;
        count.jobs -= pieces == 0 ? 1U : 0U;
        all_.jobs -= idle() ? 1U : 0U;
    }
}

}  // namespace nearfab::router
