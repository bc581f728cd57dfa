// SPDX-License-Identifier: GPL-3.0-or-later
// The right to start: asked for at the moment the machine is ready, used at once or never.

#include "node-agent/core/agent.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

// Longer windows are cut: a right is for now.
constexpr std::int64_t window_ms_max = 300'000;
// Of one piece of a plate, one after the other: some minutes, in which a router has found itself
// again.
constexpr std::uint32_t plate_refusals_max = 20;

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
            if (!is_uploaded(work) || !work.confirmed) continue;
            if (first == nullptr || work.order < first->order) first = &work;
        }
        if (first == nullptr || step.now.boot < first->start_not_before) continue;
        for (Work* piece : together(*first))
            ask_for_start(step, *piece, machine);
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
    request.machine_code = code_of(work);
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
        right.machine_code != code_of(*work)) {
        ++stale_rights_;
        return;
    }
    work->granted_until = work->asked_at + Duration{window_ms};
    if (work->plate) work->plate->refusals = 0;
    refused_often_.erase(key.work_order);
    // A plate is started with the rights to all that is on it, or not at all.
    const std::vector<Work*> pieces = together(*work);
    const bool all = std::all_of(pieces.begin(), pieces.end(), [&](const Work* piece) {
        return piece->stage == Stage::asked && piece->granted_until &&
               step.now.boot < *piece->granted_until && !why_not_wanted(*piece);
    });
    if (!all || (work->plate && pieces.size() != work->plate->pieces)) return;
    for (const Work* piece : pieces) {
        const TimePoint expires = *piece->granted_until;
        record(step,
               fact::Authorised{piece->key, options_.boot_id, expires.time_since_epoch().count()});
    }
    const Machine& machine = *machines_.find(work->offer.machine);
    if (const auto reason = why_no_start(machine, step.now.boot)) {
        for (Work* piece : pieces)
            burn(step, *piece, *reason);
        return;
    }
    open_gate(step, *pieces.front(), machine);
}

void Agent::open_gate(Step& step, Work& work, const Machine& machine) {
    StartOrder order;
    order.work_order = work.key.work_order;
    order.epoch = work.key.epoch;
    order.highest_epoch_seen = highest_epoch(work.key.work_order);
    order.machine = machine.id();
    order.machine_file = file_of(work);
    order.authorised_hash = code_of(work);
    order.right_expires = work.right_expires;
    order.bed_confirmed_clear = machine.bed_clear;
    order.attended_process = machine.attended;
    order.presence_until = machine.presence_until;
    order.draining = machine.drained;
    order.history = machine.reading->history;
    for (const Work* piece : together(work)) {
        order.right_expires = std::min(order.right_expires, piece->right_expires);
        if (piece == &work) continue;
        const AttemptKey& key = piece->key;
        order.riders.push_back({key.work_order, key.epoch, highest_epoch(key.work_order)});
    }
    // From here on the bed counts as used.
    for (Work* piece : together(work))
        record(step, fact::Starting{piece->key, order.history});
    work.gate_open = true;
    work.recalled = false;
    step.others.push_back(effect::OpenStartGate{std::move(order)});
}

std::optional<std::string> Agent::why_not_wanted(const Work& work) const {
    if (work.unwanted) return work.unwanted->reason;
    const std::uint64_t highest = highest_epoch(work.key.work_order);
    if (highest != work.key.epoch) return "superseded by epoch " + std::to_string(highest);
    return std::nullopt;
}

// What was learned of the machine after a start was handed to its thread, and would have forbidden
// it.
std::optional<std::string> Agent::why_no_run(const Work& leader) const {
    const Machine& machine = *machines_.find(leader.offer.machine);
    if (machine.drained) return "drained by the operator";
    if (!machine.quarantine.empty()) return "machine closed: " + machine.quarantine;
    if (machine.bed_holds != file_of(leader)) {
        return "the bed is no longer clear: the machine has run " + machine.bed_holds;
    }
    if (!has_material_for(leader)) {
        return "too little " + leader.offer.part.material.text() + " is left on the machine";
    }
    return std::nullopt;
}

void Agent::recall_starts(Step& step) {
    for (auto& [key, work] : work_) {
        if (work.gate_open) recall_start(step, work);
    }
}

// It may come too late, so it is recorded whose run is to be stopped: a restart must know. When
// only some of a plate's pieces are not wanted, a run that begins all the same is for the others.
void Agent::recall_start(Step& step, Work& leader) {
    const auto of_machine = why_no_run(leader);
    std::optional<std::string> first;
    for (Work* piece : together(leader)) {
        const auto of_piece = why_not_wanted(*piece);
        const auto& reason = of_piece ? of_piece : of_machine;
        if (!reason) continue;
        if (!first) first = reason;
        if (!piece->unwanted || !piece->unwanted->stop) {
            record(step, fact::Unwanted{piece->key, *reason, true});
        }
    }
    if (!first || leader.recalled) return;
    leader.recalled = true;
    step.others.push_back(effect::RevokeStart{leader.key, leader.offer.machine, *first});
}

void Agent::take(Step& step, const message::StartRefused& refusal) {
    Work* work = find({refusal.work_order, refusal.epoch});
    if (work == nullptr || !is_waiting(work->stage)) return;
    const std::string why = "start refused by the router: " + refusal.reason;
    if (refusal.withdrawn) return release(step, *work, why, true);
    if (work->stage != Stage::asked || work->nonce != refusal.nonce) return;
    if (work->plate && ++work->plate->refusals == plate_refusals_max) {
        const Plate plate = *work->plate;
        refused_often_.insert(work->key.work_order);
        return dissolve(step, plate, "work order " + work->key.work_order.text() + ": " + why);
    }
    for (Work* piece : together(*work)) {
        if (piece->stage != Stage::asked) continue;
        hold(step, *piece);
        piece->start_not_before = step.now.boot + options_.intervals.start_retry;
        piece->detail = why;
    }
}

void Agent::take(Step& step, const event::StartGateAnswered& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->gate_open) return;
    work->gate_open = false;
    for (Work* piece : together(*work))
        piece->evidence_from = step.now.boot + options_.intervals.evidence_grace;
    const std::string& reason = event.outcome.reason;
    switch (event.outcome.kind) {
        case StartOutcome::Kind::started:
            run(step, *work);
            if (may_be_stopped(*work)) stop_machine(step, *work);
            return;
        case StartOutcome::Kind::refused:
            return burn_run(step, *work, "the start gate stayed shut: " + reason);
        case StartOutcome::Kind::revoked:
            return burn_run(step,
                            *work,
                            "not started, taken back in time: " +
                                (work->unwanted ? work->unwanted->reason : reason));
        case StartOutcome::Kind::driver_failed:
            return burn_run(step, *work, "the machine did not start: " + reason);
        case StartOutcome::Kind::unknown:
            return doubt_run(step, *work, "the machine may or may not have started: " + reason);
    }
}

void Agent::burn_run(Step& step, Work& work, const std::string& reason) {
    for (Work* piece : together(work))
        burn(step, *piece, reason);
}

void Agent::burn(Step& step, Work& work, const std::string& reason) {
    record(step, fact::Burnt{work.key, reason});
    report(step, work);
}

}  // namespace nearfab::agent
