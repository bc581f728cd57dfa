// SPDX-License-Identifier: GPL-3.0-or-later
// The right to start: asked for at the moment the machine is ready, used at once or never.

#include "node-agent/core/agent.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

// Longer windows are cut: a right is for now.
constexpr std::int64_t window_ms_max = 300'000;

}  // namespace

std::uint64_t Agent::fresh_nonce() {
    const std::uint64_t nonce = spread(options_.nonce_seed, ++nonces_);
    return nonce == 0 ? fresh_nonce() : nonce;
}

void Agent::start_what_is_ready(Step& step) {
    if (!connected_) return;
    for (const auto& [id, machine] : machines_.all()) {
        if (holder_of(id) != nullptr || why_no_start(machine, step.now.boot)) continue;
        Work* first = nullptr;
        for (auto& [key, work] : work_) {
            if (work.offer.machine != id || work.stage != Stage::reserved) continue;
            if (!work.uploaded || !work.confirmed) continue;
            if (first == nullptr || work.order < first->order) first = &work;
        }
        if (first == nullptr || step.now.boot < first->start_not_before) continue;
        ask_for_start(step, *first, machine);
    }
}

void Agent::ask_for_start(Step& step, Work& work, const Machine& machine) {
    work.stage = *next(work.stage, Turn::ask);
    work.nonce = fresh_nonce();
    work.may_hold_right = true;
    work.detail.clear();
    work.asked_at = step.now.boot;
    message::StartRequest request;
    request.work_order = work.key.work_order;
    request.epoch = work.key.epoch;
    request.machine = machine.id();
    request.nonce = work.nonce;
    request.design = work.offer.part.design;
    request.machine_code = work.prepared->machine_code;
    request.bed_clear = machine.bed_clear;
    request.operator_present = machine.presence_until && *machine.presence_until > step.now.boot;
    // Never numbered, so the session never repeats it: a lost question is asked anew, with a new
    // nonce, when the machine is still ready then.
    send(step, request, false);
}

void Agent::take(Step& step, const message::StartRight& right) {
    const AttemptKey key{right.work_order, right.epoch};
    Work* work = find(key);
    const bool asked = work != nullptr && work->stage == Stage::asked && work->nonce == right.nonce;
    const std::int64_t window_ms = std::clamp<std::int64_t>(right.window_ms, 0, window_ms_max);
    const bool in_time = asked && step.now.boot < work->asked_at + Duration{window_ms};
    if (!asked || !in_time || key.epoch != highest_epoch(key.work_order) ||
        right.machine_code != work->prepared->machine_code) {
        ++stale_rights_;
        return;
    }
    const TimePoint expires = work->asked_at + Duration{window_ms};
    record(step, fact::Authorised{key, options_.boot_id, expires.time_since_epoch().count()});
    const Machine& machine = *machines_.find(work->offer.machine);
    if (const auto reason = why_no_start(machine, step.now.boot)) return burn(step, *work, *reason);
    open_gate(step, *work, machine);
}

void Agent::open_gate(Step& step, Work& work, const Machine& machine) {
    StartOrder order;
    order.work_order = work.key.work_order;
    order.epoch = work.key.epoch;
    order.highest_epoch_seen = highest_epoch(work.key.work_order);
    order.machine = machine.id();
    order.machine_file = work.prepared->machine_file;
    order.authorised_hash = work.prepared->machine_code;
    order.right_expires = work.right_expires;
    order.bed_confirmed_clear = machine.bed_clear;
    order.attended_process = machine.attended;
    order.presence_until = machine.presence_until;
    order.draining = machine.drained;
    order.history = machine.reading->history;
    // From here on the bed counts as used.
    record(step, fact::Starting{work.key, machine.reading->history});
    work.gate_open = true;
    work.recalled = false;
    step.others.push_back(effect::OpenStartGate{std::move(order)});
}

// What was learned after a start was handed to the machine's thread, and would have forbidden it.
std::optional<std::string> Agent::why_recall(const Work& work) const {
    if (work.unwanted) return work.unwanted->reason;
    const std::uint64_t highest = highest_epoch(work.key.work_order);
    if (highest != work.key.epoch) return "superseded by epoch " + std::to_string(highest);
    const Machine& machine = *machines_.find(work.offer.machine);
    if (machine.drained) return "drained by the operator";
    if (!machine.quarantine.empty()) return "machine closed: " + machine.quarantine;
    if (machine.bed_holds != work.prepared->machine_file) {
        return "the bed is no longer clear: the machine has run " + machine.bed_holds;
    }
    return std::nullopt;
}

void Agent::recall_starts(Step& step) {
    for (auto& [key, work] : work_) {
        if (!work.gate_open || work.recalled) continue;
        if (const auto reason = why_recall(work)) recall(step, work, *reason);
    }
}

// It may come too late, so it is recorded that the run is to be stopped: a restart must know.
void Agent::recall(Step& step, Work& work, const std::string& reason) {
    if (!work.unwanted || !work.unwanted->stop) {
        record(step, fact::Unwanted{work.key, reason, true});
    }
    work.recalled = true;
    step.others.push_back(effect::RevokeStart{work.key, work.offer.machine, reason});
}

void Agent::take(Step& step, const message::StartRefused& refusal) {
    Work* work = find({refusal.work_order, refusal.epoch});
    if (work == nullptr || !is_waiting(work->stage)) return;
    const std::string why = "start refused by the router: " + refusal.reason;
    if (refusal.withdrawn) return release(step, *work, why, true);
    if (work->stage != Stage::asked || work->nonce != refusal.nonce) return;
    hold(step, *work);
    work->start_not_before = step.now.boot + options_.intervals.start_retry;
    work->detail = why;
}

void Agent::take(Step& step, const event::StartGateAnswered& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->gate_open) return;
    work->gate_open = false;
    work->evidence_from = step.now.boot + options_.intervals.evidence_grace;
    const std::string& reason = event.outcome.reason;
    switch (event.outcome.kind) {
        case StartOutcome::Kind::started:
            run(step, *work);
            if (work->unwanted && work->unwanted->stop) stop_machine(step, *work);
            return;
        case StartOutcome::Kind::refused:
            return burn(step, *work, "the start gate stayed shut: " + reason);
        case StartOutcome::Kind::revoked:
            return burn(step,
                        *work,
                        "not started, taken back in time: " +
                            (work->unwanted ? work->unwanted->reason : reason));
        case StartOutcome::Kind::driver_failed:
            return burn(step, *work, "the machine did not start: " + reason);
        case StartOutcome::Kind::unknown:
            return doubt(step, *work, "the machine may or may not have started: " + reason);
    }
}

void Agent::burn(Step& step, Work& work, const std::string& reason) {
    record(step, fact::Burnt{work.key, reason});
    report(step, work);
}

}  // namespace nearfab::agent
