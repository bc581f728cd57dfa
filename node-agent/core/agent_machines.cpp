// SPDX-License-Identifier: GPL-3.0-or-later
// What machines say, and what it proves about the attempts on them.

#include "base/check.hpp"
#include "node-agent/core/agent.hpp"
#include "node-agent/core/evidence.hpp"
#include "proto/model/text.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

constexpr std::size_t detail_bytes_max = 500;

std::string or_else(const std::string& text, const char* otherwise) {
    return text.empty() ? otherwise : clean_text(text, TextKind::text, detail_bytes_max);
}

// Cleaned as the journal keeps it, so that a file name is the same before and after a restart.
void clean(LastRun& run) {
    run.file = clean_text(run.file);
    run.detail = clean_text(run.detail);
}

MachineReading cleaned(MachineReading reading) {
    reading.file = clean_text(reading.file);
    reading.detail = clean_text(reading.detail);
    if (reading.history) reading.history->boot = clean_text(reading.history->boot);
    if (reading.last_run) clean(*reading.last_run);
    for (LastRun& run : reading.earlier_runs)
        clean(run);
    return reading;
}

}  // namespace

void Agent::take(Step& step, const event::MachineRead& event) {
    if (machines_.find(event.machine) == nullptr) return;
    Machine& machine = machines_.get(event.machine);
    const MachineReading reading = cleaned(event.reading);
    machine.reading = reading;
    if (machine.answers()) {
        machine.silent_since.reset();
    } else if (!machine.silent_since) {
        machine.silent_since = step.now.boot;
    }
    Work* holder = holder_of(event.machine);
    // While the gate is open, a reading may be older than what the gate is doing: it proves nothing
    // about our file, but what the fab itself ran is on the bed all the same.
    if (holder != nullptr && holder->gate_open) return note_foreign_runs(step, machine, reading);
    if (holder != nullptr && holder->stage != Stage::asked) judge(step, *holder, reading);
    release_run_by_hand(step, event.machine, reading);
    note_foreign_runs(step, machine, reading);
    note_empty_bed(step, machine);
    if (reading.condition == MachineCondition::fault) {
        release_waiting(step,
                        event.machine,
                        "machine " + event.machine.text() +
                            " reports a fault: " + or_else(reading.detail, "no details"));
    }
    Work* asking = holder_of(event.machine);
    if (asking != nullptr && asking->stage == Stage::asked &&
        why_no_start(machine, step.now.boot)) {
        for (Work* piece : together(*asking)) {
            if (piece->stage == Stage::asked) hold(step, *piece);
        }
    }
}

void Agent::judge(Step& step, Work& work, const MachineReading& reading) {
    NEARFAB_CHECK(work.prepared.has_value(), "only what is prepared is started");
    const LastRun* ended = run_of(reading, file_of(work));
    const std::string said = ended != nullptr ? ended->detail : std::string{};
    switch (evidence_of(reading, file_of(work))) {
        case Evidence::nothing:
            return;
        case Evidence::runs:
            run(step, work);
            work.runs_on = work.cancelled;
            for (Work* piece : together(work)) {
                piece->progress = std::clamp(reading.progress, 0.0, 1.0);
                piece->progress_known = true;
                piece->remaining_s = std::max<std::int64_t>(reading.remaining_s, 0);
            }
            note_pause(step, work, reading.condition == MachineCondition::paused);
            return;
        case Evidence::completed:
            return end_run(step, work, true, said);
        case Evidence::stopped:
            return end_run(step,
                           work,
                           false,
                           "the machine ended the run early: " + or_else(said, "no details"),
                           work.fault_seen || failed_unsafely(work, *ended));
        case Evidence::faulted:
            return end_run(step,
                           work,
                           false,
                           "the machine reports a fault: " +
                               or_else(reading.detail, or_else(said, "no details").c_str()),
                           true);
        case Evidence::fault_only:
            // The run may go on, or may have ended before: making it again now could make it twice.
            if (work.stage == Stage::in_doubt && work.fault_seen) return;
            return doubt_run(step,
                             work,
                             "the machine reports a fault and does not say what came of the run: " +
                                 or_else(reading.detail, "no details"),
                             true);
        case Evidence::absent:
        case Evidence::cannot_tell:
            return judge_absence(step, work);
    }
}

// A laser or mill that failed by itself may have left a fire, or an axis that is not where it
// should be. A printer that failed has lost a part.
bool Agent::failed_unsafely(const Work& work, const LastRun& run) {
    return run.outcome == RunOutcome::failed && machines_.get(work.offer.machine).attended;
}

void Agent::judge_absence(Step& step, Work& work) {
    if (step.now.boot < work.evidence_from) return;
    if (work.unwanted && work.cancelled) {
        return end_run(step, work, false, work.unwanted->reason, work.fault_seen);
    }
    // Who has said what came of some has seen more than the machine tells.
    if (some_ended_beside(work)) {
        if (work.stage != Stage::in_doubt) {
            doubt_run(step, work, "the machine no longer runs it, and others of it are over");
        }
        return;
    }
    const Machine& machine = machines_.get(work.offer.machine);
    if (const auto why = why_absence_proves_nothing(machine, work)) {
        if (work.stage != Stage::in_doubt) doubt_run(step, work, *why);
        return;
    }
    const bool fault_seen = work.fault_seen;
    const std::string doubted = work.detail;
    burn_run(step, work, "the machine never began it");
    if (fault_seen) close(step, work.offer.machine, doubted);
}

void Agent::close(Step& step, const MachineId& machine, const std::string& reason) {
    record(step, fact::Closed{machine, reason});
    release_waiting(step, machine, "machine " + machine.text() + " is closed: " + reason);
}

// Somebody started our file at the machine. Its name is spent: what the machine says about it would
// be taken for our own run.
void Agent::release_run_by_hand(Step& step,
                                const MachineId& machine,
                                const MachineReading& reading) {
    for (auto& [key, work] : work_) {
        if (work.offer.machine != machine || !is_waiting(work.stage) || !work.prepared) continue;
        const auto seen = [&reading](const std::string& file) {
            return reading.file == file || (reading.last_run && reading.last_run->file == file);
        };
        // Also that of a plate which was dissolved: it is on the machine, and has its part in it.
        const bool on_a_plate = std::any_of(work.plate_files.begin(), work.plate_files.end(), seen);
        if (!seen(work.prepared->machine_file) && !on_a_plate) continue;
        release(step, work, "its file was started by hand at the machine");
    }
}

void Agent::note_foreign_runs(Step& step, Machine& machine, const MachineReading& reading) {
    const Work* holder = holder_of(machine.id());
    const std::string held =
        holder != nullptr && holder->prepared ? file_of(*holder) : std::string{};
    const std::string last = reading.last_run ? reading.last_run->file : std::string{};
    if (machine.runs_other_than(held)) {
        const bool noted = machine.last_file == reading.file && !machine.bed_clear;
        if (!noted) record(step, fact::BedUsed{machine.id(), reading.file, reading.history});
    } else if (reading.last_run && !knows_file(machine, last)) {
        record(step, fact::BedUsed{machine.id(), last, reading.history});
    } else if (reading.condition != MachineCondition::unreachable && machine.has_run_unseen() &&
               (machine.bed_clear || (holder != nullptr && holder->gate_open))) {
        // A file whose name is no news was run again; if it is ours, then not by us.
        std::string file = reading.file.empty() ? last : reading.file;
        if (file.empty()) {
            file = reading.history->runs == 0 ? "it was switched off" : "a file nobody saw";
        }
        if (file == held) file += " (started by hand)";
        record(step, fact::BedUsed{machine.id(), std::move(file), reading.history});
    } else if (!machine.accounted && machine.bed_clear) {
        machine.accounted = reading.history;  // Confirmed clear while the machine was silent.
    }
}

// Only what nobody knows is learned from the machine; a used bed is cleared by a person.
void Agent::note_empty_bed(Step& step, Machine& machine) {
    const bool unknown = !machine.bed_clear && machine.bed_holds.empty();
    if (!unknown || !machine.quarantine.empty() || !machine.reading->bed_seen_empty) return;
    if (machine.reading->condition != MachineCondition::idle) return;
    record(step, fact::BedCleared{machine.id(), machine.reading->history});
}

bool Agent::knows_file(const Machine& machine, const std::string& file) const {
    if (machine.knows_file(file)) return true;
    return std::any_of(work_.begin(), work_.end(), [&](const auto& entry) {
        const Work& work = entry.second;
        return was_started(work.stage) && work.prepared && file_of(work) == file;
    });
}

void Agent::run(Step& step, Work& work) {
    for (Work* piece : together(work)) {
        if (piece->stage == Stage::running) continue;
        record(step, fact::Running{piece->key});
        report(step, *piece);
    }
}

// Whoever is not wanted any more hears why, and not what the machine says of it: but for a fault,
// which closes the machine.
void Agent::end_run(Step& step, Work& work, bool produced, const std::string& detail, bool unsafe) {
    for (Work* piece : together(work)) {
        const bool ended_for_it = !produced && !unsafe && piece->unwanted;
        end(step, *piece, produced, ended_for_it ? piece->unwanted->reason : detail, unsafe);
    }
}

void Agent::doubt_run(Step& step, Work& work, const std::string& detail, bool fault) {
    for (Work* piece : together(work))
        doubt(step, *piece, detail, fault);
}

void Agent::end(Step& step, Work& work, bool produced, std::string detail, bool unsafe) {
    record(step, fact::Ended{work.key, produced, std::move(detail), unsafe});
    report(step, work);
    if (unsafe) {
        release_waiting(step,
                        work.offer.machine,
                        "machine " + work.offer.machine.text() + " is closed: " + work.detail);
    }
}

void Agent::doubt(Step& step, Work& work, const std::string& detail, bool fault) {
    record(step, fact::Doubted{work.key, detail, fault});
    report(step, work);
}

// Told again only when the last word was lost, or when the machine was seen running after it.
void Agent::stop_machine(Step& step, Work& piece) {
    Work& work = leader_of(piece);
    if (work.stage != Stage::running || work.cancelling || !may_be_stopped(work)) return;
    if (work.cancelled && !work.runs_on) return;
    if (step.now.boot < work.cancel_not_before) return;
    work.cancelling = true;
    work.cancelled = false;
    work.runs_on = false;
    ++work.cancel_tries;
    step.others.push_back(effect::CancelRun{work.key, work.offer.machine, file_of(work)});
}

void Agent::take(Step& step, const event::CancelAnswered& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->cancelling) return;
    work->cancelling = false;
    work->cancelled = event.ok;
    const Intervals& wait = options_.intervals;
    Duration pause = wait.cancel_retry;
    for (int i = 1; i < work->cancel_tries && pause < wait.cancel_retry_max; ++i)
        pause *= 2;
    work->cancel_not_before = step.now.boot + std::min(pause, wait.cancel_retry_max);
    if (event.ok) {
        for (Work* piece : together(*work))
            piece->evidence_from = step.now.boot;
    } else if (work->stage == Stage::running) {
        work->detail = "the machine did not stop: " + event.reason;
    }
}

}  // namespace nearfab::agent
