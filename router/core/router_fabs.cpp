// SPDX-License-Identifier: GPL-3.0-or-later
// What agents say: offers taken up or declined, starts asked for, attempts reported.

#include "proto/model/process.hpp"
#include "router/core/restored_hold.hpp"
#include "router/core/router.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nearfab::router {
namespace {

// The step of the work order that an attempt's state stands for; none while it is under way.
std::optional<WorkEvent> event_of(message::AttemptState state) {
    using A = message::AttemptState;
    switch (state) {
        case A::running:
            return WorkEvent::started;
        case A::produced:
            return WorkEvent::produced;
        case A::failed:
            return WorkEvent::failed;
        case A::never_started:
            return WorkEvent::never_started;
        case A::in_doubt:
            return WorkEvent::doubted;
        case A::inspected_good:
            return WorkEvent::inspected;
        case A::inspected_bad:
            return WorkEvent::rejected;
        case A::delivered:
            return WorkEvent::delivered;
        case A::released:
            return WorkEvent::released;
        case A::unknown:
        case A::seen:
        case A::reserved:
        case A::authorised:
        case A::starting:
            return std::nullopt;
    }
    return std::nullopt;
}

bool has_part(message::AttemptState state) {
    using A = message::AttemptState;
    return state == A::produced || state == A::inspected_good || state == A::delivered;
}

// A right to start was given for it, and nothing says that it came to nothing.
bool may_have_part(message::AttemptState state) {
    using A = message::AttemptState;
    return has_part(state) || state == A::authorised || state == A::starting ||
           state == A::running || state == A::in_doubt || state == A::unknown;
}

// It speaks of a time before the start, or says that it never came to that.
bool knows_of_no_making(message::AttemptState state) {
    using A = message::AttemptState;
    return state == A::seen || state == A::reserved || state == A::released ||
           state == A::never_started;
}

bool under_way(message::AttemptState state) {
    using A = message::AttemptState;
    return state == A::seen || state == A::reserved || state == A::authorised ||
           state == A::starting || state == A::running || state == A::in_doubt;
}

}  // namespace

void Router::withdraw(const FabId& fab,
                      const WorkOrderId& id,
                      std::uint64_t epoch,
                      std::string reason) {
    tell(fab, message::WithdrawWork{id, epoch, std::move(reason)});
}

// Asks a reservation back. It ends when the fab says that it does not hold it any more.
void Router::recall(const WorkOrder& order) {
    Attention& attention = attention_[order.id];
    attention.recalled = true;
    deadlines_.clear(order.id);
    withdraw(order.chosen.fab, order.id, order.epoch, "it was reserved for too long");
}

// The order, if this fab holds exactly this attempt of it now.
const WorkOrder* Router::current_attempt(const FabId& fab,
                                         const WorkOrderId& id,
                                         std::uint64_t epoch) {
    const WorkOrder* order = ledger_.work_order(id);
    if (order == nullptr || order->epoch != epoch || order->chosen.fab != fab ||
        order->state == WorkOrderState::queued || is_final(order->state)) {
        return nullptr;
    }
    return order;
}

void Router::hear(const FabId& fab, const message::Advertise& body) {
    const FabSeen* seen = fabs_.find(fab);
    const bool news = seen == nullptr || !fabs_.is_live(fab, now_.boot) ||
                      *seen->advertisement != body.advertisement;
    const auto said = std::make_shared<const Advertisement>(body.advertisement);
    fabs_.advertised(fab, said, now_.boot);
    world_.advertised(fab, said, now_.boot + std::chrono::seconds{said->valid_s});
    world_.follow_share(ledger_, fab, steady());
    world_.set_distrust(fab, distrust_of(fab));
    match_wanted_ = match_wanted_ || news;
    if (news) note_change(fab);
}

void Router::hear(const FabId& fab, const message::AcceptOffer& body) {
    const WorkOrder* order = current_attempt(fab, body.work_order, body.epoch);
    if (order == nullptr) {
        withdraw(fab, body.work_order, body.epoch, "the offer is no longer open");
        return;
    }
    if (order->state == WorkOrderState::offered) move(*order, WorkEvent::reserved);
    if (order->state == WorkOrderState::reserved && !attention_[order->id].recalled) {
        tell(fab, message::ConfirmReservation{order->id, order->epoch});
    }
}

void Router::hear(const FabId& fab, const message::DeclineOffer& body) {
    const WorkOrder* order = current_attempt(fab, body.work_order, body.epoch);
    if (order == nullptr ||
        (order->state != WorkOrderState::offered && order->state != WorkOrderState::reserved)) {
        return;  // Already expired or taken back: there is nothing to decline.
    }
    WorkMoved fact{order->id, order->epoch, WorkEvent::released, body.reason, {}};
    fact.refused_by_fab = true;
    move(std::move(fact));
}

std::string Router::refusal_to_start(const WorkOrder& order,
                                     const message::StartRequest& body) const {
    const Job& job = *ledger_.job(order.job);
    const PartSpec& part = job.spec.parts[order.part];
    if (job.cancel_wanted) return "the designer cancelled the job";
    if (std::string wait = refusal_while_reconciling(); !wait.empty()) return wait;
    if (std::string wait = refusal_of_restored(job, ledger_); !wait.empty()) return wait;
    if (body.machine != order.chosen.machine) {
        return fmt::format("the work was offered to {}, not to {}",
                           order.chosen.machine.text(),
                           body.machine.text());
    }
    if (body.design != part.design) {
        return fmt::format("design {} was prepared, but {} was analysed and ordered",
                           body.design.short_hex(),
                           part.design.short_hex());
    }
    if (order.state != WorkOrderState::reserved && body.machine_code != order.machine_code) {
        return "a right for other machine code was already given";
    }
    if (!body.bed_clear) return "the bed is not confirmed clear";
    const auto process = find_process(part.process.text());
    if ((!process || process->attended) && !body.operator_present) {
        return "a person must stand at this machine when it starts";
    }
    return {};
}

void Router::hear(const FabId& fab, const message::StartRequest& body) {
    const auto refuse_start = [&](std::string reason, bool withdrawn) {
        tell(fab,
             message::StartRefused{
                 body.work_order, body.epoch, body.nonce, std::move(reason), withdrawn});
    };
    const WorkOrder* order = current_attempt(fab, body.work_order, body.epoch);
    if (order == nullptr) {
        refuse_start("this work order is not yours any more", true);
        return;
    }
    if (is_image(fab, *order)) doubt_image(fab, *order);
    if (is_made(*order) && is_other_run(fab, *order)) hear_other_memory(fab, *order);
    // An agent that was given a right never asks again for that epoch once it may have started, so
    // a question about a doubtful attempt proves that nothing was made.
    if (order->state != WorkOrderState::reserved && order->state != WorkOrderState::authorised &&
        order->state != WorkOrderState::in_doubt) {
        refuse_start("the work order is " + to_string(order->state), order->missing);
        return;
    }
    if (attention_[order->id].recalled) {
        refuse_start("the reservation was taken back", true);
        return;
    }
    std::string refusal = suspicion_of(fab);
    if (refusal.empty()) refusal = refusal_of_other_run(fab, *order);
    if (refusal.empty()) refusal = refusal_to_start(*order, body);
    if (!refusal.empty()) {
        // While a right is out, only the agent's own report ends the attempt.
        const bool over =
            ledger_.job(order->job)->cancel_wanted && order->state == WorkOrderState::reserved;
        refuse_start(std::move(refusal), over);
        return;
    }
    const FabSeen* seen = fabs_.find(fab);
    const std::string run = seen == nullptr ? "" : seen->run;
    if (order->state != WorkOrderState::authorised || order->right_run != run) {
        WorkMoved fact{order->id, order->epoch, WorkEvent::authorised, {}, body.machine_code};
        fact.run = run;
        move(std::move(fact));
    } else {
        // The right was given, but the answer was lost: the same right, for the new question.
        deadlines_.set(order->id, now_.boot + options_.start_window + options_.start_silence);
    }
    attention_[order->id].right_at = now_.boot;
    tell(fab,
         message::StartRight{order->id,
                             order->epoch,
                             body.nonce,
                             order->machine_code,
                             options_.start_window.count()});
}

void Router::hear(const FabId& fab, const message::AttemptReport& body) {
    take_report(fab, body, false);
}

void Router::take_report(const FabId& fab, const message::AttemptReport& body, bool from_inquiry) {
    const WorkOrder* order = ledger_.work_order(body.work_order);
    if (order == nullptr) {
        withdraw(fab, body.work_order, body.epoch, "this router does not know the work order");
        return;
    }
    if (current_attempt(fab, body.work_order, body.epoch) == nullptr) {
        if (!take_unknown_attempt(fab, *order, body, from_inquiry)) {
            take_late_report(fab, *order, body);
        }
        return;
    }
    // The acceptance was lost on the way, the attempt is already further.
    if (order->state == WorkOrderState::offered && body.state != message::AttemptState::seen &&
        body.state != message::AttemptState::released) {
        move(*order, WorkEvent::reserved);
    }
    using A = message::AttemptState;
    if ((body.state == A::seen || body.state == A::reserved) && is_image(fab, *order)) {
        doubt_image(fab, *order);
        return;
    }
    if (body.state == A::never_started && forgets(fab, *order)) return;
    if (is_made(*order) && knows_of_no_making(body.state) && is_other_run(fab, *order)) {
        if (under_way(body.state)) withdraw(fab, order->id, order->epoch, "it has been made");
        hear_other_memory(fab, *order);
        return;
    }
    if (order->missing && has_part(body.state) && !ledger_.fab(fab).suspicion) {
        touched_.insert(order->job);
        record(PieceMissing{order->id, order->epoch, fab, true});
    }
    const bool ends = body.state == A::never_started || body.state == A::failed;
    if (ends && waits_for_other_run(fab, *order)) return;
    const auto event = event_of(body.state);
    if (!event || !next_state(order->state, *event)) return;  // Known already.
    WorkMoved fact{order->id, order->epoch, *event, body.detail, {}};
    fact.unsafe = body.unsafe;
    fact.refused_by_fab = *event == WorkEvent::released;
    move(std::move(fact));
    if (body.state == message::AttemptState::running && ledger_.job(order->job)->cancel_wanted) {
        tell(fab, message::StopWork{order->id, order->epoch, "the designer cancelled the job"});
    }
}

// A report on an attempt that these records do not hold. It counts as part of the fab's one answer
// to the inquiry about this work, and never else. True when nothing is left to say.
//
// In that answer a fab that invents an attempt gets no more than one that accepts an offer and
// never makes it: where nobody has a right to start, the work; elsewhere, what comes after the one
// that has it.
bool Router::take_unknown_attempt(const FabId& fab,
                                  const WorkOrder& order,
                                  const message::AttemptReport& body,
                                  bool from_inquiry) {
    if (!may_be_lost(order, body.epoch)) return false;
    const bool is_awaited = ledger_.fab(fab).heard < ledger_.inquiry_about(*ledger_.job(order.job));
    if (!from_inquiry || !is_awaited) return is_awaited;
    touched_.insert(order.job);
    if (is_final(order.state)) {
        // The part is not needed; that the attempt is known is what makes its later word count.
        if (!may_have_part(body.state)) return false;
        if (!order.surplus.contains(body.epoch)) claim(fab, order, body);
        return !under_way(body.state);
    }
    if (body.epoch > order.epoch_highest) record(EpochRaised{order.id, body.epoch, fab});
    if (order.surplus.contains(body.epoch)) return true;
    if (!may_have_part(body.state)) return false;
    const bool right_is_out = order.state != WorkOrderState::queued &&
                              order.state != WorkOrderState::offered &&
                              order.state != WorkOrderState::reserved;
    if (right_is_out) {
        claim(fab, order, body);
    } else {
        adopt(fab, order, body);
    }
    return true;
}

// If the fab says the truth and its attempt is the later one, the lost records knew that the one
// which has the right in these came to nothing. Whoever has that right is the one to say so.
void Router::claim(const FabId& fab, const WorkOrder& order, const message::AttemptReport& body) {
    record(AttemptClaimed{order.id, body.epoch, fab, body.machine, distance_to(fab, order)});
    if (has_part(body.state)) {
        record(SurplusFound{order.id, body.epoch, fab, body.detail, false});
    }
    const Job& job = *ledger_.job(order.job);
    const bool has_spoken = ledger_.fab(order.chosen.fab).heard >= ledger_.inquiry_about(job);
    const bool is_doubtful =
        order.state == WorkOrderState::authorised || order.state == WorkOrderState::producing;
    if (is_doubtful && !has_spoken && body.epoch > order.epoch) {
        doubt(order, "restored records: " + fab.text() + " says that it has a later attempt");
    }
}

// Nobody has a right to start in these records, so the attempt that the fab speaks of is the one.
void Router::adopt(const FabId& fab, const WorkOrder& order, const message::AttemptReport& body) {
    touched_.insert(order.job);
    if (order.state != WorkOrderState::queued) {
        const std::string why = "an earlier attempt at " + fab.text() + " may have made it";
        withdraw(order.chosen.fab, order.id, order.epoch, why);
        move(order, WorkEvent::released, why);
        if (is_final(order.state)) return;  // It was cancelled, or tried too often.
    }
    record(AttemptAdopted{order.id, body.epoch, fab, body.machine, distance_to(fab, order)});
    attention_[order.id] = {};
    deadlines_.clear(order.id);
    const auto event = event_of(body.state);
    if (event && next_state(order.state, *event)) {
        move(order, *event, body.detail);
    } else {
        arm(order);
        settle(order);
    }
}

// A report on an attempt that nobody counts on any more is evidence, never a step.
void Router::take_late_report(const FabId& fab,
                              const WorkOrder& order,
                              const message::AttemptReport& body) {
    const auto held = order.held_by.find(body.epoch);
    if (held == order.held_by.end() || held->second.fab != fab) {
        withdraw(
            fab, body.work_order, body.epoch, "this router knows of no such attempt at this fab");
        return;
    }
    if (is_final(order.state) && order.epoch == body.epoch &&
        order.state == WorkOrderState::delivered) {
        return;  // The last report of a finished attempt, said again.
    }
    if (under_way(body.state)) {
        const bool may_count = order.state == WorkOrderState::authorised ||
                               order.state == WorkOrderState::producing ||
                               order.state == WorkOrderState::in_doubt;
        if (may_count && order.claims.contains(body.epoch)) return;
        withdraw(fab, body.work_order, body.epoch, "no longer needed");
        return;
    }
    if (!has_part(body.state) || order.surplus.contains(body.epoch)) return;
    const bool replaceable = order.state == WorkOrderState::queued ||
                             order.state == WorkOrderState::offered ||
                             order.state == WorkOrderState::reserved;
    const bool satisfies = replaceable && !ledger_.job(order.job)->cancel_wanted;
    if (satisfies && order.state != WorkOrderState::queued) {
        withdraw(order.chosen.fab, order.id, order.epoch, "the first attempt was made after all");
    }
    touched_.insert(order.job);
    record(SurplusFound{order.id, body.epoch, fab, body.detail, satisfies});
    if (!satisfies) return;
    arm(order);
    if (const auto event = event_of(body.state); event && next_state(order.state, *event)) {
        move(order, *event, body.detail);
    } else {
        settle(order);
    }
}

void Router::hear(const FabId& fab, const message::Progress& body) {
    const WorkOrder* order = current_attempt(fab, body.work_order, body.epoch);
    if (order == nullptr) return;
    Attention& attention = attention_[order->id];
    attention.phase = body.phase;
    attention.progress = body.fraction;
    const Duration left = remaining(body.remaining_s);
    attention.remaining_s = std::chrono::duration_cast<std::chrono::seconds>(left).count();
    attention.expected_finish = now_.boot + left;
    touched_.insert(order->job);
}

void Router::hear(const FabId& fab, const message::Inventory& body) {
    // One of its words may be what it is held back for: those after it count no more.
    const auto from_inquiry = [&] { return body.with_ended && !ledger_.fab(fab).suspicion; };
    for (const message::AttemptReport& report : body.attempts)
        take_report(fab, report, from_inquiry());
    // A copy, because the set changes meanwhile.
    const std::set<WorkOrderId> held = ledger_.placed_at(fab);
    for (const WorkOrderId& id : held)
        reconcile(fab, *ledger_.work_order(id), body);
    if (from_inquiry()) heard_in_inquiry(fab);
}

// What we think the fab holds, against everything it says it holds.
void Router::reconcile(const FabId& fab, const WorkOrder& order, const message::Inventory& body) {
    const bool listed = std::any_of(
        body.attempts.begin(), body.attempts.end(), [&](const message::AttemptReport& report) {
            return report.work_order == order.id && report.epoch == order.epoch;
        });
    if (listed) {
        // Either word may have been lost; it may be said any number of times.
        if (order.state == WorkOrderState::reserved && attention_[order.id].recalled) {
            recall(order);
        } else if (order.state == WorkOrderState::reserved) {
            tell(fab, message::ConfirmReservation{order.id, order.epoch});
        }
        arm(order);
        if (ledger_.job(order.job)->cancel_wanted && (order.state == WorkOrderState::authorised ||
                                                      order.state == WorkOrderState::producing)) {
            tell(fab, message::StopWork{order.id, order.epoch, "the designer cancelled the job"});
        }
        return;
    }
    // After a restore, what is missing may be over and acknowledged by the records that were lost.
    const std::uint64_t inquiry = ledger_.inquiry_about(*ledger_.job(order.job));
    if (!body.with_ended && ledger_.fab(fab).heard < inquiry) return;
    switch (order.state) {
        case WorkOrderState::offered:
            tell(fab, offer_of(order));
            return;
        case WorkOrderState::reserved: {
            const bool recalled = attention_[order.id].recalled;
            WorkMoved fact{order.id, order.epoch, WorkEvent::released, {}, {}};
            fact.detail = recalled ? "it was reserved for too long without being started"
                                   : "the fab does not know of its reservation";
            fact.refused_by_fab = recalled;  // It would only be kept again.
            move(std::move(fact));
            return;
        }
        case WorkOrderState::authorised:
        case WorkOrderState::producing:
            doubt(order, "the fab does not know of this attempt any more");
            return;
        case WorkOrderState::produced:
        case WorkOrderState::inspected:
            // Of a longer list the end is cut off.
            if (body.attempts.size() < limits::attempts_max) miss(fab, order);
            return;
        case WorkOrderState::queued:
        case WorkOrderState::in_doubt:
        case WorkOrderState::delivered:
        case WorkOrderState::cancelled:
        case WorkOrderState::failed_final:
        case WorkOrderState::unknown:
            return;
    }
}

}  // namespace nearfab::router
