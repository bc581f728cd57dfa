// SPDX-License-Identifier: GPL-3.0-or-later
// Which fabs get no work or no right to start, and why.

#include "router/core/router.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

// An agent that lost its session to another run of itself comes back after 30 s: then both live.
constexpr Duration other_run_shows_up = std::chrono::seconds{45};

}  // namespace

// What has no right to start yet goes elsewhere. What has one is judged by the reports, as ever.
void Router::suspect(const FabId& fab, const std::string& key) {
    if (ledger_.fab(fab).suspicion) return;
    record(FabSuspected{fab, key});
    std::vector<WorkOrderId> held;
    for (const WorkOrderId& id : ledger_.placed_at(fab)) {
        const WorkOrderState state = ledger_.work_order(id)->state;
        const bool waits = state == WorkOrderState::offered || state == WorkOrderState::reserved;
        if (waits) held.push_back(id);
    }
    for (const WorkOrderId& id : held) {
        const WorkOrder& order = *ledger_.work_order(id);
        withdraw(fab, id, order.epoch, "two programs use this fab's key");
        move(order, WorkEvent::released, "two programs use this fab's key");
    }
}

void Router::clear(const FabId& fab, std::string reason) {
    clones_.forget(fab);
    record(FabCleared{fab, std::move(reason)});
    match_wanted_ = true;
}

std::string Router::suspicion_of(const FabId& fab) const {
    if (!ledger_.fab(fab).suspicion) return {};
    return fmt::format(
        "two programs use the key of {}: is its disk a copy? Nothing is offered to "
        "it and nothing may start there until the network's operator has looked",
        fab.text());
}

// An acknowledged word is not said again by itself. But restored records may lack it, and what a
// fab said of a doubtful attempt may not have counted when it said it.
bool Router::may_know_more(const FabId& fab) const {
    if (ledger_.reconciling()) return true;
    const auto& placed = ledger_.placed_at(fab);
    return std::any_of(placed.begin(), placed.end(), [&](const WorkOrderId& id) {
        return ledger_.work_order(id)->state == WorkOrderState::in_doubt;
    });
}

std::string Router::distrust_of(const FabId& id) const {
    if (std::string suspicion = suspicion_of(id); !suspicion.empty()) return suspicion;
    const FabRecord& fab = ledger_.fab(id);
    if (fab.failures_in_row < options_.distrust_after_failures) return {};
    if (steady() >= fab.last_failure + options_.distrust_for) return {};  // One more try.
    return fmt::format("failed {} times in a row; no work until it has rested",
                       fab.failures_in_row);
}

std::string Router::refusal_of(const WorkOrder& order, const FabId& fab) const {
    const auto refusal = order.refusals.find(fab);
    if (refusal != order.refusals.end() && steady() < refusal->second.until) {
        return refusal->second.reason;
    }
    if (const auto silences = silent_.find(order.id); silences != silent_.end()) {
        const auto silence = silences->second.find(fab);
        if (silence != silences->second.end() && silence->second.until > now_.boot) {
            return "the fab let an offer run out";
        }
    }
    const auto failures = order.failures.find(fab);
    if (failures != order.failures.end() && failures->second >= options_.attempts_per_fab_max) {
        return fmt::format("failed {} times at this fab", failures->second);
    }
    return {};
}

// A right that one run of an agent got is not given to another run before the first can have used
// it and shown that it lives: a copy of a fab's disk holds the same reservations.
std::string Router::refusal_of_other_run(const FabId& fab, const WorkOrder& order) const {
    const auto found = attention_.find(order.id);
    const FabSeen* seen = fabs_.find(fab);
    if (found == attention_.end() || seen == nullptr) return {};
    const Attention& attention = found->second;
    if (attention.right_run.empty() || attention.right_run == seen->run) return {};
    const TimePoint over = attention.right_at + options_.start_window + other_run_shows_up;
    if (now_.boot >= over) return {};
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(over - now_.boot);
    return fmt::format("another run of this fab's agent got the right to start; ask again in {} s",
                       left.count() + 1);
}

}  // namespace nearfab::router
