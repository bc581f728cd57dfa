// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/router.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace nearfab::router {
namespace {

constexpr Duration silence_rest_max = std::chrono::hours{1};

bool is_about_the_file(ErrorCode code) {
    return code == ErrorCode::invalid_file || code == ErrorCode::too_large ||
           code == ErrorCode::invalid_argument || code == ErrorCode::unsupported;
}

}  // namespace

Effects Router::start(Moment now) {
    now_ = now;
    for (const WorkOrderId& id : ledger_.open_work())
        arm(*ledger_.work_order(id));
    for (const auto& [id, job] : ledger_.jobs()) {
        if (job.state == JobState::analysing) advance_analysis(job);
    }
    return finish_step();
}

Effects Router::step(Moment now, const Event& event) {
    NEARFAB_CHECK(now.boot >= now_.boot, "time went backwards between two steps");
    now_ = now;
    std::visit([&](const auto& e) { take(e); }, event);
    return finish_step();
}

Effects Router::finish_step() {
    // Matching may free nothing new, so one pass is enough: every release asks for another pass.
    while (match_wanted_) {
        match_wanted_ = false;
        match_all_queued();
    }
    for (auto it = watches_.begin(); it != watches_.end();) {
        const auto& [session, correlation] = it->first;
        if (touched_.contains(it->second.job)) update_watch(session, correlation, it->second);
        const Job* job = ledger_.job(it->second.job);
        it = is_final(job->state) ? watches_.erase(it) : std::next(it);
    }
    touched_.clear();
    // Records first: whoever carries the effects out in order cannot get it wrong.
    std::stable_partition(effects_.begin(), effects_.end(), [](const Effect& effect) {
        return std::holds_alternative<Record>(effect);
    });
    return std::exchange(effects_, {});
}

void Router::record(Fact fact) {
    ledger_.apply(now_.wall, fact);
    effects_.push_back(Record{std::move(fact)});
}

std::optional<TimePoint> Router::next_deadline() const {
    std::optional<TimePoint> next;
    for (const auto& [id, attention] : attention_) {
        if (attention.deadline && (!next || *attention.deadline < *next)) {
            next = attention.deadline;
        }
    }
    return next;
}

bool Router::may_read(const FabId& fab, const ContentHash& design) const {
    return std::any_of(
        ledger_.open_work().begin(), ledger_.open_work().end(), [&](const WorkOrderId& id) {
            const WorkOrder& order = *ledger_.work_order(id);
            if (order.state == WorkOrderState::queued || order.chosen.fab != fab) return false;
            return ledger_.job(order.job)->spec.parts[order.part].design == design;
        });
}

void Router::take(const AgentConnected& event) {
    fabs_.connected(event.fab, now_.boot);
    match_wanted_ = true;  // What it advertised before may still be valid.
    for (auto& [order, fabs] : silent_) fabs.erase(event.fab);  // It is there again.
    for (const WorkOrderId& id : ledger_.open_work()) {
        const WorkOrder& order = *ledger_.work_order(id);
        if (order.chosen.fab == event.fab) touched_.insert(order.job);
    }
}

void Router::take(const AgentLost& event) {
    fabs_.lost(event.fab, now_.boot);
    for (const WorkOrderId& id : ledger_.open_work()) {
        const WorkOrder& order = *ledger_.work_order(id);
        if (order.state == WorkOrderState::queued || order.chosen.fab != event.fab) continue;
        arm(order);
        touched_.insert(order.job);
    }
}

void Router::take(const AgentSaid& event) {
    std::visit(
        [&](const auto& body) {
            if constexpr (requires { hear(event.fab, body); }) {
                hear(event.fab, body);
            } else {
                NEARFAB_CHECK(false, "the shell let a message through that no agent may send");
            }
        },
        event.body);
}

void Router::take(const ClientSaid& event) {
    std::visit(
        [&](const auto& body) {
            if constexpr (requires { hear(event, body); }) {
                hear(event, body);
            } else {
                NEARFAB_CHECK(false, "the shell let a message through that no client may send");
            }
        },
        event.body);
}

void Router::take(const ClientLost& event) {
    std::erase_if(watches_, [&](const auto& w) { return w.first.first == event.session; });
}

void Router::take(const AnalysisDone& event) {
    analysing_.erase(event.design);
    std::vector<JobId> waiting;
    for (const auto& [id, job] : ledger_.jobs()) {
        if (job.state == JobState::analysing) waiting.push_back(id);
    }
    if (event.outcome) {
        record(DesignAnalysed{event.design, *event.outcome});
    } else if (is_about_the_file(event.outcome.error().code)) {
        record(DesignRefused{event.design, event.outcome.error()});
    } else {
        // The analysis itself failed: nothing is known about the file, so nothing is remembered.
        for (const JobId& id : waiting) {
            const auto& parts = ledger_.job(id)->spec.parts;
            const bool needs_it = std::any_of(parts.begin(), parts.end(), [&](const PartSpec& p) {
                return p.design == event.design;
            });
            if (!needs_it) continue;
            touched_.insert(id);
            record(JobMoved{id,
                            JobState::rejected,
                            "the design could not be analysed now: " +
                                event.outcome.error().message + "; submit it again"});
        }
    }
    for (const JobId& id : waiting) {
        if (!is_final(ledger_.job(id)->state)) advance_analysis(*ledger_.job(id));
    }
}

void Router::take(const StorageLow& event) {
    storage_low_ = event.low;
}

void Router::take(const Tick&) {
    std::vector<WorkOrderId> due;
    for (auto& [id, attention] : attention_) {
        if (attention.deadline && *attention.deadline <= now_.boot) {
            attention.deadline.reset();
            due.push_back(id);
        }
    }
    for (const WorkOrderId& id : due)
        expire(*ledger_.work_order(id));
}

// Sets the one deadline that belongs to the state the order is in now.
void Router::arm(const WorkOrder& order) {
    if (is_final(order.state)) {
        attention_.erase(order.id);
        silent_.erase(order.id);
        return;
    }
    Attention& attention = attention_[order.id];
    const bool connected = fabs_.is_connected(order.chosen.fab);
    std::optional<TimePoint>& deadline = attention.deadline;
    switch (order.state) {
        case WorkOrderState::offered: {
            const FabSeen* fab = fabs_.find(order.chosen.fab);
            bool by_hand = false;
            if (fab != nullptr && fab->advertisement) {
                for (const Capability& machine : fab->advertisement->machines) {
                    by_hand |= machine.machine == order.chosen.machine && machine.accepts_by_hand;
                }
            }
            // An order whose fab has left keeps the deadline it was given.
            if (!deadline) {
                deadline = now_.boot + (by_hand ? options_.offer_ttl_by_hand : options_.offer_ttl);
            }
            return;
        }
        case WorkOrderState::reserved:
            deadline.reset();
            if (!connected) deadline = now_.boot + options_.reservation_ttl;
            return;
        case WorkOrderState::authorised:
            if (!deadline) deadline = now_.boot + options_.start_window + options_.start_silence;
            return;
        case WorkOrderState::producing: {
            deadline.reset();
            if (connected) return;  // A legitimate long print is never timed out.
            const auto estimate =
                std::chrono::duration_cast<Duration>(std::chrono::seconds{order.chosen.making_s});
            const auto fraction =
                std::chrono::duration_cast<Duration>(estimate * options_.doubt_grace_fraction);
            // A print that is overdue when its fab falls silent gets the grace from that moment.
            const TimePoint finish = attention.expected_finish == TimePoint{}
                                         ? now_.boot + estimate
                                         : std::max(attention.expected_finish, now_.boot);
            deadline = finish + std::max(options_.doubt_grace_min, fraction);
            return;
        }
        case WorkOrderState::in_doubt: {
            const RedoRule& redo = ledger_.job(order.job)->spec.redo;
            if (redo.kind == RedoRule::Kind::at_once) deadline = now_.boot;
            // Set once: being reminded of the doubt does not put the end of it off.
            if (redo.kind == RedoRule::Kind::after && !deadline) {
                deadline = now_.boot + std::chrono::seconds{redo.after_s};
            }
            return;
        }
        case WorkOrderState::queued:
        case WorkOrderState::produced:
        case WorkOrderState::inspected:
        case WorkOrderState::delivered:
        case WorkOrderState::cancelled:
        case WorkOrderState::failed_final:
        case WorkOrderState::unknown:
            deadline.reset();
            return;
    }
}

void Router::expire(const WorkOrder& order) {
    switch (order.state) {
        case WorkOrderState::queued:
            match_wanted_ = true;
            return;
        case WorkOrderState::offered: {
            withdraw(order.chosen.fab, order.id, order.epoch, "the offer ran out");
            Silence& silence = silent_[order.id][order.chosen.fab];
            silence.until =
                now_.boot + std::min(silence_rest_max, options_.silence_rest * (1 + silence.times));
            ++silence.times;
            move(order, WorkEvent::released, "no answer in time");
            return;
        }
        case WorkOrderState::reserved:
            withdraw(order.chosen.fab, order.id, order.epoch, "the reservation ran out");
            move(order, WorkEvent::released, "the fab was silent for too long");
            return;
        case WorkOrderState::authorised:
            doubt(order, "no word since the right to start was given");
            return;
        case WorkOrderState::producing:
            doubt(order, "no word, and it should have been finished by now");
            return;
        case WorkOrderState::in_doubt: {
            const FabId fab = order.chosen.fab;
            const std::uint64_t epoch = order.epoch;
            move(order, WorkEvent::declared_lost, "by the rule chosen at submission");
            withdraw(fab, order.id, epoch, "declared lost; it is made elsewhere");
            return;
        }
        case WorkOrderState::produced:
        case WorkOrderState::inspected:
        case WorkOrderState::delivered:
        case WorkOrderState::cancelled:
        case WorkOrderState::failed_final:
        case WorkOrderState::unknown:
            return;
    }
}

}  // namespace nearfab::router
