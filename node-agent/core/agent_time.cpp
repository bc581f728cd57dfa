// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions, deadlines, and what the router hears regularly.

#include "node-agent/core/agent.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/text.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

constexpr Duration advert_gap_min = std::chrono::seconds{1};
constexpr std::int64_t advert_valid_s_min = 95;
// An inventory lists every attempt in one message; the whole detail is in each report.
constexpr std::size_t inventory_detail_bytes_max = 200;

}  // namespace

void Agent::take(Step&, const event::Tick&) {}

void Agent::take(Step& step, const event::SessionOpened& event) {
    connected_ = true;
    ++sessions_;
    router_ = event.router;
    unacknowledged_.clear();
    passes_.clear();
    for (auto& [key, work] : work_) {
        if (work.stage == Stage::asked) hold(step, work);
    }
    // First what is here, so that the router offers nothing that would be made twice.
    tell_inventory(step);
    for (auto& [key, work] : work_) {
        work.phase_told.clear();
        if (work.reported != state_of(work.stage)) report(step, work);
        if (work.stage == Stage::reserved && !work.confirmed) {
            send(step, message::AcceptOffer{key.work_order, key.epoch}, true);
        }
    }
    advert_at_ = step.now.boot;
    progress_at_ = step.now.boot;
}

void Agent::take(Step& step, const event::SessionLost&) {
    connected_ = false;
    unacknowledged_.clear();
    passes_.clear();
    for (auto& [key, work] : work_) {
        if (work.stage == Stage::asked) hold(step, work);
    }
}

void Agent::take(Step& step, const event::Acknowledged& event) {
    const auto at = unacknowledged_.find(event.token);
    if (at == unacknowledged_.end()) return;
    const fact::Reported reported = at->second;
    unacknowledged_.erase(at);
    if (find(reported.key) != nullptr) record(step, reported);
}

void Agent::settle_restart(Step& step) {
    for (auto& [key, work] : work_)
        settle_restart(step, work);
    settle_stock(step);
    mend_plates(step);  // Before anything is sent to a machine for one that is broken.
    restart_settled_ = true;
    for (auto& [key, work] : work_)
        go_on_preparing(step, work);
}

void Agent::settle_restart(Step& step, Work& work) {
    const bool configured = machines_.get(work.offer.machine).configured;
    switch (work.stage) {
        case Stage::seen:
            if (work.boot_id != options_.boot_id || work.offer_expires <= step.now.boot) {
                record(step, fact::Declined{work.key, "expired while the agent was not running"});
            }
            return;
        case Stage::reserved:
        case Stage::asked:
            work.reserved_at = step.now.boot;
            work.may_hold_right = work.prepared.has_value();  // Asking leaves no fact behind.
            if (!configured) {
                release(step,
                        work,
                        "machine " + work.offer.machine.text() + " is no longer configured");
            }
            return;
        case Stage::authorised:
            return burn(step, work, "the agent was restarted before the machine was told to start");
        case Stage::starting:
        case Stage::running:
        case Stage::in_doubt:
            work.evidence_from = step.now.boot + options_.intervals.evidence_grace;
            work.pause_settles_at = work.evidence_from;
            if (!configured && work.stage != Stage::in_doubt) {
                doubt(step,
                      work,
                      "machine " + work.offer.machine.text() + " is no longer configured");
            }
            return;
        case Stage::declined:
        case Stage::produced:
        case Stage::failed:
        case Stage::never_started:
        case Stage::released:
        case Stage::inspected_good:
        case Stage::inspected_bad:
        case Stage::delivered:
            return;
    }
}

void Agent::keep_time(Step& step) {
    for (auto& [key, work] : work_)
        keep_time(step, work);
    for (auto& [id, machine] : machines_.all()) {
        if (!machine.silent_since) continue;
        if (step.now.boot < *machine.silent_since + options_.intervals.offline_release) continue;
        release_waiting(step, id, "machine " + id.text() + " has not answered for too long");
    }
}

void Agent::keep_time(Step& step, Work& work) {
    const Intervals& wait = options_.intervals;
    const TimePoint now = step.now.boot;
    if (work.stage == Stage::seen && now >= work.offer_expires) {
        record(step, fact::Declined{work.key, "nobody decided in time"});
    } else if (work.stage == Stage::reserved && !work.confirmed &&
               now >= work.reserved_at + wait.confirm_wait) {
        release(step, work, "the router did not confirm the reservation in time");
    } else if (work.stage == Stage::asked && now >= work.asked_at + wait.start_answer) {
        hold(step, work);  // All of a plate were asked for at once.
    } else if (work.unwanted && work.unwanted->stop) {
        stop_machine(step, work);
    }
    // What it waits for after this is an event.
    if (now >= work.start_not_before) work.start_not_before = TimePoint{};
    if (is_waiting(work.stage)) go_on_preparing(step, work);
}

std::optional<TimePoint> Agent::next_deadline() const {
    const Intervals& wait = options_.intervals;
    std::optional<TimePoint> first;
    const auto at = [&](TimePoint when) {
        if (!first || when < *first) first = when;
    };
    for (const auto& [key, work] : work_) {
        if (work.stage == Stage::seen) at(work.offer_expires);
        if (work.stage == Stage::asked) at(work.asked_at + wait.start_answer);
        if (work.stage == Stage::running && !work.cancelling && (!work.cancelled || work.runs_on) &&
            may_be_stopped(work) && &leader_of(work) == &work) {
            at(work.cancel_not_before);
        }
        if (work.stage != Stage::reserved) continue;
        if (!work.confirmed) at(work.reserved_at + wait.confirm_wait);
        if (work.prepared && leads(work) && !is_uploaded(work) && work.uploading.empty()) {
            at(work.upload_not_before);
        }
        const Machine* machine = machines_.find(work.offer.machine);
        if (machine->silent_since) at(*machine->silent_since + wait.offline_release);
        if (work.start_not_before > TimePoint{}) at(work.start_not_before);
    }
    if (connected_) {
        at(advert_is_old_ ? std::min(advert_at_, advert_changed_at_) : advert_at_);
        at(inventory_at_);
        at(progress_at_);
    }
    return first;
}

void Agent::tell_router(Step& step) {
    if (!connected_) return;
    const TimePoint now = step.now.boot;
    if (states() != states_told_) advertise_soon(now);
    if (now >= advert_at_ || (advert_is_old_ && now >= advert_changed_at_)) advertise(step);
    if (now >= inventory_at_) tell_inventory(step);
    note_wait_reasons(now);
    const bool regular = now >= progress_at_;
    for (auto& [key, work] : work_) {
        const bool active = work.stage == Stage::running;
        const bool on_the_way = is_waiting(work.stage) || occupies_machine(work.stage);
        if (!on_the_way) continue;
        if ((regular && active) || work.phase_told != phase_of(work)) tell_progress(step, work);
    }
    if (regular) progress_at_ = now + options_.intervals.progress;
}

void Agent::advertise_soon(TimePoint now) {
    if (advert_is_old_) return;
    advert_is_old_ = true;
    advert_changed_at_ = std::max(now, advert_told_at_ + advert_gap_min);
}

void Agent::advertise(Step& step) {
    send(step, message::Advertise{advertisement()}, true);
    states_told_ = states();
    advert_is_old_ = false;
    advert_told_at_ = step.now.boot;
    advert_at_ = step.now.boot + jittered(options_.intervals.advert);
}

void Agent::tell_inventory(Step& step) {
    send(step, inventory(false), true);
    inventory_at_ = step.now.boot + options_.intervals.inventory;
}

void Agent::take(Step& step, const message::AskInventory&) {
    send(step, inventory(true), true);
    inventory_at_ = step.now.boot + options_.intervals.inventory;
}

// What is not over comes first: there is room for a thousand.
message::Inventory Agent::inventory(bool with_ended) const {
    std::vector<const Work*> listed;
    for (const auto& [key, work] : work_) {
        if (!is_settled(work)) listed.push_back(&work);
    }
    for (const auto& [key, work] : work_) {
        if (with_ended && is_settled(work)) listed.push_back(&work);
    }
    message::Inventory inventory;
    inventory.with_ended = with_ended;
    for (const Work* work : listed) {
        if (work->stage == Stage::declined) continue;
        if (inventory.attempts.size() == limits::attempts_max) break;
        message::AttemptReport report = report_of(*work);
        report.detail = clean_text(report.detail, TextKind::text, inventory_detail_bytes_max);
        inventory.attempts.push_back(std::move(report));
    }
    return inventory;
}

void Agent::tell_progress(Step& step, Work& work) const {
    work.phase_told = phase_of(work);
    message::Progress progress;
    progress.work_order = work.key.work_order;
    progress.epoch = work.key.epoch;
    progress.phase = work.phase_told;
    progress.fraction = work.progress;
    progress.remaining_s = work.remaining_s;
    send(step, progress, false);
}

// Why each reservation waits: for the machine, or for the work before it.
void Agent::note_wait_reasons(TimePoint now) {
    for (auto& [key, work] : work_) {
        if (work.stage != Stage::reserved || !is_uploaded(work)) continue;
        work.wait_reason.clear();
        const Work* holder = holder_of(work.offer.machine);
        const Machine& machine = *machines_.find(work.offer.machine);
        if (holder != nullptr) {
            work.wait_reason =
                "the machine is busy with work order " + holder->key.work_order.text();
        } else if (const auto reason = why_no_start(machine, now)) {
            work.wait_reason = *reason;
        } else if (now < work.start_not_before) {
            work.wait_reason = work.detail;
        }
    }
}

Duration Agent::jittered(Duration interval) {
    const auto fifth = static_cast<std::uint64_t>(std::max<std::int64_t>(interval.count() / 5, 1));
    const std::uint64_t roll = spread(~options_.nonce_seed, ++jitters_) % (2 * fifth);
    return interval - Duration{static_cast<std::int64_t>(fifth)} +
           Duration{static_cast<std::int64_t>(roll)};
}

std::vector<MachineState> Agent::states() const {
    std::vector<MachineState> all;
    for (const auto& [id, machine] : machines_.all()) {
        if (machine.configured) all.push_back(state_of(machine, holder_of(id)));
    }
    return all;
}

Advertisement Agent::advertisement() const {
    Advertisement advert;
    advert.title = options_.title;
    advert.owner = options_.owner;
    advert.place = options_.place;
    advert.terms = options_.terms;
    const auto interval =
        std::chrono::duration_cast<std::chrono::seconds>(options_.intervals.advert).count();
    advert.valid_s = std::max(advert_valid_s_min, 4 * static_cast<std::int64_t>(interval));
    for (const auto& [id, machine] : machines_.all()) {
        if (!machine.configured) continue;
        Capability capability = machine.options.capability;
        for (MaterialStock& stock : capability.materials) {
            stock.available_g =
                std::max(0.0, machine.stock_g(stock.material) - promised_g(id, stock.material));
        }
        capability.state = state_of(machine, holder_of(id));
        capability.accepts_by_hand = machine.options.acceptance == Acceptance::manual;
        // What nobody can prepare machine code for would only be given back.
        const auto& preparable = options_.preparable;
        const bool can_prepare =
            std::find(preparable.begin(), preparable.end(), capability.process) != preparable.end();
        if (!can_prepare && takes_offers(capability.state)) {
            capability.state = MachineState::drained;
        }
        capability.backlog_s = backlog_s(machine);
        advert.machines.push_back(std::move(capability));
    }
    return advert;
}

message::AgentStatus Agent::status(TimePoint now) const {
    message::AgentStatus status;
    status.fab_title = options_.title;
    status.connected = connected_;
    status.router = router_;
    const Advertisement advert = advertisement();
    for (const Capability& capability : advert.machines) {
        const Machine& machine = *machines_.find(capability.machine);
        const Work* holder = holder_of(capability.machine);
        message::AgentMachine row;
        row.capability = capability;
        if (holder != nullptr) row.work_order = holder->key.work_order;
        if (holder != nullptr && capability.state == MachineState::working) {
            row.detail = phase_of(*holder);
            // Of a plate, of one that is wanted still.
            for (const Work* piece : together(*holder)) {
                if (!piece->unwanted) row.detail = phase_of(*piece);
            }
        } else if (const auto reason = why_no_start(machine, now)) {
            row.detail = *reason;
        } else {
            row.detail = machine.reading->detail;
        }
        status.machines.push_back(std::move(row));
    }
    list_work(status);
    return status;
}

// What is over is left out first, the oldest of it, when a message cannot hold everything.
void Agent::list_work(message::AgentStatus& status) const {
    std::vector<const Work*> rows;
    for (const auto& [key, work] : work_)
        rows.push_back(&work);
    std::stable_sort(rows.begin(), rows.end(), [](const Work* a, const Work* b) {
        if (is_settled(*a) != is_settled(*b)) return is_settled(*b);
        return is_settled(*a) && a->order > b->order;
    });
    std::size_t kept = std::min(rows.size(), limits::attempts_max);
    for (;; kept /= 2) {
        rows.resize(kept);
        status.work.clear();
        std::vector<const Work*> in_order = rows;
        std::sort(in_order.begin(), in_order.end(), [](const Work* a, const Work* b) {
            return a->key < b->key;
        });
        for (const Work* work : in_order) {
            status.work.push_back(
                {report_of(*work), work->offer.title, phase_of(*work), work->progress});
        }
        const bool fits =
            !options_.encoded_size || options_.encoded_size(status) <= limits::page_bytes_max;
        if (fits || kept == 0) return;
    }
}

}  // namespace nearfab::agent
