// SPDX-License-Identifier: GPL-3.0-or-later
// Offers, reservations, and the router taking them back.

#include "node-agent/core/agent.hpp"
#include "node-agent/core/offer_check.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

constexpr std::int64_t offer_life_s_max = 86'400;

}  // namespace

std::optional<std::string> Agent::why_not_now(const message::Offer& offer) const {
    const double promised = promised_g(offer.machine, offer.part.material);
    const Machine* machine = machines_.find(offer.machine);
    if (auto reason = why_not(offer, options_, machine, promised)) return reason;
    const auto held = std::count_if(work_.begin(), work_.end(), [](const auto& entry) {
        return !is_final(entry.second.stage);
    });
    if (static_cast<std::size_t>(held) >= options_.work_orders_max) {
        return "limit: this fab already holds " + std::to_string(held) + " work orders, at most " +
               std::to_string(options_.work_orders_max);
    }
    return std::nullopt;
}

void Agent::take(Step& step, const message::Offer& offer) {
    if (answer_known(step, offer)) return;
    if (const auto reason = why_not_now(offer)) {
        record(step, fact::EpochSeen{{offer.work_order, offer.epoch}});
        return decline(step, offer, *reason);
    }
    const std::int64_t life_s = std::clamp<std::int64_t>(offer.expires_s, 0, offer_life_s_max);
    const TimePoint expires = step.now.boot + std::chrono::seconds{life_s};
    record(step, fact::Seen{offer, options_.boot_id, expires.time_since_epoch().count()});
    Work& work = *find({offer.work_order, offer.epoch});
    const Machine& machine = *machines_.find(offer.machine);
    if (machine.options.acceptance == Acceptance::automatic) reserve(step, work);
}

// An offer that was heard before, that is older than what was heard, or that would make a part
// twice. True when nothing is left to decide.
bool Agent::answer_known(Step& step, const message::Offer& offer) {
    const AttemptKey key{offer.work_order, offer.epoch};
    if (const Work* known = find(key)) {
        if (is_waiting(known->stage)) {
            send(step, message::AcceptOffer{key.work_order, key.epoch}, true);
        } else if (known->stage == Stage::declined || known->stage == Stage::released) {
            decline(step, offer, known->detail);
        }
        return true;
    }
    const std::uint64_t highest = highest_epoch(offer.work_order);
    if (offer.epoch <= highest) {
        decline(step,
                offer,
                "epoch: " + std::to_string(offer.epoch) + " is not newer than " +
                    std::to_string(highest) + ", which was heard here before");
        return true;
    }
    for (auto& [other, work] : work_) {
        if (other.work_order != offer.work_order || is_final(work.stage)) continue;
        const std::string superseded = "superseded by epoch " + std::to_string(offer.epoch);
        if (work.stage == Stage::seen) {
            record(step, fact::Declined{other, superseded});
        } else if (is_waiting(work.stage)) {
            release(step, work, superseded, true);
        } else {
            record(step, fact::EpochSeen{key});
            decline(step,
                    offer,
                    "epoch " + std::to_string(other.epoch) +
                        " of this work order is still here: " + phase_of(work));
            return true;
        }
    }
    return false;
}

void Agent::decline(Step& step, const message::Offer& offer, const std::string& reason) {
    send(step, message::DeclineOffer{offer.work_order, offer.epoch, reason}, true);
}

void Agent::reserve(Step& step, Work& work) {
    record(step, fact::Reserved{work.key});
    work.reserved_at = step.now.boot;
    send(step, message::AcceptOffer{work.key.work_order, work.key.epoch}, true);
}

void Agent::take(Step& step, const message::ConfirmReservation& message) {
    Work* work = find({message.work_order, message.epoch});
    if (work == nullptr) return;
    if (is_final(work->stage)) return report(step, *work);
    if (!is_waiting(work->stage)) return;
    if (!work->confirmed) record(step, fact::Confirmed{work->key});
    go_on_preparing(step, *work);
}

void Agent::take(Step& step, const message::WithdrawWork& message) {
    const AttemptKey key{message.work_order, message.epoch};
    Work* work = find(key);
    if (work == nullptr) {
        if (key.epoch > highest_epoch(key.work_order)) record(step, fact::EpochSeen{key});
        return;
    }
    const std::string why = "withdrawn by the router: " + message.reason;
    if (work->stage == Stage::seen) {
        record(step, fact::Declined{key, why});
    } else if (is_waiting(work->stage)) {
        release(step, *work, why, true);
    } else if (occupies_machine(work->stage) && !work->unwanted) {
        // A start on its way is taken back. Otherwise the machine may be making it: a person
        // decides, nothing is stopped blindly.
        record(step, fact::Unwanted{key, why, leader_of(*work).gate_open});
    }
}

void Agent::take(Step& step, const message::StopWork& message) {
    const AttemptKey key{message.work_order, message.epoch};
    Work* work = find(key);
    if (work == nullptr) return;
    const std::string why = "cancelled: " + message.reason;
    if (work->stage == Stage::seen) {
        record(step, fact::Declined{key, why});
    } else if (is_waiting(work->stage)) {
        release(step, *work, why);
    } else if (occupies_machine(work->stage)) {
        if (!work->unwanted || !work->unwanted->stop) record(step, fact::Unwanted{key, why, true});
        stop_machine(step, *work);
    } else {
        report(step, *work);  // Too late: say again what came of it.
    }
}

void Agent::release(Step& step, Work& work, const std::string& reason, bool router_knows) {
    // The router may have answered a question for the start right meanwhile. Then it must hear that
    // this right is burnt, or it would wait for a part.
    if (work.may_hold_right && !router_knows) return burn(step, work, reason);
    record(step, fact::Released{work.key, reason, router_knows});
    report(step, work);
}

void Agent::release_waiting(Step& step, const MachineId& machine, const std::string& reason) {
    for (auto& [key, work] : work_) {
        if (work.offer.machine != machine) continue;
        if (is_waiting(work.stage)) release(step, work, reason);
    }
}

void Agent::hold(Step& step, Work& work) {
    work.stage = *next(work.stage, Turn::hold);
    work.nonce = 0;
    work.granted_until.reset();
    work.start_not_before = step.now.boot;
}

}  // namespace nearfab::agent
