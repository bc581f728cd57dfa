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
    const FabRecord& known = ledger_.fab(fab);
    if (known.heard < ledger_.inquiry() || known.written_off) return true;
    const auto& placed = ledger_.placed_at(fab);
    return std::any_of(placed.begin(), placed.end(), [&](const WorkOrderId& id) {
        const WorkOrder& order = *ledger_.work_order(id);
        // Of a time that restored records lack the fab may have told more than they know.
        const bool is_older = order.epoch <= ledger_.generation() * epochs_per_generation;
        return order.state == WorkOrderState::in_doubt || is_older;
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

// A fab that said that it makes a part, and now that it never began it, has two memories: its disk
// was copied, and the copy may be the one that speaks. Neither is believed before somebody has
// looked.
bool Router::forgets(const FabId& fab, const WorkOrder& order) {
    if (order.state == WorkOrderState::producing) {
        const FabSeen* seen = fabs_.find(fab);
        suspect(fab, seen == nullptr ? "" : seen->key);
        doubt(order, "the fab says that it never began what it said that it makes");
        return true;
    }
    return order.state == WorkOrderState::in_doubt && ledger_.fab(fab).suspicion.has_value();
}

bool Router::is_other_run(const FabId& fab, const WorkOrder& order) const {
    const FabSeen* seen = fabs_.find(fab);
    return seen != nullptr && seen->run != order.right_run;
}

// Its disk was put back from an image of a time before it began the attempt. A frame of the run
// that has the right is only late.
bool Router::is_image(const FabId& fab, const WorkOrder& order) const {
    const bool begun = order.state == WorkOrderState::producing ||
                       (order.state == WorkOrderState::in_doubt && order.begun);
    return begun && is_other_run(fab, order);
}

// It does not know what it has made, so nothing starts there before somebody has looked.
void Router::doubt_image(const FabId& fab, const WorkOrder& order) {
    suspect(fab, fabs_.find(fab)->key);
    if (order.state == WorkOrderState::producing) {
        doubt(order, "the fab has forgotten that it makes it");
    }
}

bool Router::is_made(const WorkOrder& order) {
    return order.state == WorkOrderState::produced || order.state == WorkOrderState::inspected;
}

// The fab cannot hand over what it does not know of. The piece lies somewhere all the same, so
// nothing is made again by itself: its designer is told, and may give it up. Two programs that take
// the session from each other would say the one and the other for ever, so what is said meanwhile
// changes nothing.
void Router::miss(const FabId& fab, const WorkOrder& order) {
    if (order.missing || ledger_.fab(fab).suspicion) return;
    touched_.insert(order.job);
    record(PieceMissing{order.id, order.epoch, fab, false});
}

// It speaks of what it made as of something that it never began.
void Router::hear_other_memory(const FabId& fab, const WorkOrder& order) {
    if (order.missing) return;  // Somebody may have looked since.
    miss(fab, order);
    suspect(fab, fabs_.find(fab)->key);
}

// When the run that got the right to start has shown itself, if it lives: it may still use the
// right until its window is over, and it comes back after another run has taken the session from
// it. Nothing: that run speaks itself, or all of that is long over.
std::optional<TimePoint> Router::other_run_until(const FabId& fab, const WorkOrder& order) const {
    const FabSeen* seen = fabs_.find(fab);
    if (seen == nullptr || order.right_run.empty() || order.right_run == seen->run) {
        return std::nullopt;
    }
    // It may have been given in the moment before the router was restarted.
    TimePoint given = started_->boot;
    const auto found = attention_.find(order.id);
    if (found != attention_.end()) given = std::max(given, found->second.right_at);
    const TimePoint until =
        std::max(given + options_.start_window, seen->run_since) + other_run_shows_up;
    return until > now_.boot ? std::optional{until} : std::nullopt;
}

// A right that one run of an agent got is not given to another run before the first can have used
// it and shown that it lives: a copy of a fab's disk holds the same reservations.
std::string Router::refusal_of_other_run(const FabId& fab, const WorkOrder& order) const {
    const auto until = other_run_until(fab, order);
    if (!until) return {};
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(*until - now_.boot);
    return fmt::format("another run of this fab's agent got the right to start; ask again in {} s",
                       left.count() + 1);
}

// For the same reason its word that nothing came of the attempt does not count yet: the copy may
// speak of a file that it sees the first run's machine make. The fab is asked again then.
bool Router::waits_for_other_run(const FabId& fab, const WorkOrder& order) {
    const bool right_is_out = order.state == WorkOrderState::authorised ||
                              order.state == WorkOrderState::producing ||
                              order.state == WorkOrderState::in_doubt;
    const auto until = right_is_out ? other_run_until(fab, order) : std::nullopt;
    if (!until) return false;
    const WorkOrderId id = order.id;
    if (order.state != WorkOrderState::in_doubt) {
        doubt(order, "another run of the fab's agent says that nothing came of it");
    }
    if (order.state != WorkOrderState::in_doubt) return true;
    attention_[id].ask_at = until;
    arm(order);
    return true;
}

}  // namespace nearfab::router
