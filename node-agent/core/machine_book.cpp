// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/machine_book.hpp"

#include "proto/model/process.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

bool active(const MachineReading& reading) {
    return reading.condition == MachineCondition::running ||
           reading.condition == MachineCondition::paused;
}

}  // namespace

bool Machine::answers() const {
    return reading && reading->condition != MachineCondition::unreachable;
}

bool Machine::runs_other_than(const std::string& file) const {
    return reading && active(*reading) && reading->file != file;
}

bool Machine::knows_file(const std::string& file) const {
    return file == last_file || file == last_file_before;
}

bool Machine::has_run_unseen() const {
    if (!accounted || !reading || !reading->history) return false;
    const RunHistory& now = *reading->history;
    // Switched off meanwhile, it counts anew: what it made before that is in no count.
    return now.boot != accounted->boot || now.runs > accounted->runs;
}

double Machine::stock_g(const MaterialId& material) const {
    const auto at = stock.find(material);
    return at == stock.end() ? 0 : at->second.grams;
}

MachineBook::MachineBook(const std::vector<MachineOptions>& machines) {
    for (const MachineOptions& options : machines) {
        Machine machine;
        machine.options = options;
        const auto process = find_process(options.capability.process.text());
        // A process that we do not know may need a person: the careful answer.
        machine.attended = !process || process->attended;
        machines_.emplace(options.capability.machine, std::move(machine));
    }
}

const Machine* MachineBook::find(const MachineId& id) const {
    const auto at = machines_.find(id);
    return at == machines_.end() ? nullptr : &at->second;
}

Machine& MachineBook::get(const MachineId& id) {
    const auto [at, is_new] = machines_.try_emplace(id);
    if (is_new) {
        at->second.configured = false;
        at->second.attended = true;
        at->second.options.capability.machine = id;
    }
    return at->second;
}

void MachineBook::bed_taken(const MachineId& id, const std::string& file) {
    Machine& machine = get(id);
    machine.bed_clear = false;
    machine.bed_holds = file;
    if (machine.last_file == file) return;
    machine.last_file_before = machine.last_file;
    machine.last_file = file;
}

void MachineBook::bed_untouched(const MachineId& id, const std::string& file) {
    Machine& machine = get(id);
    if (machine.bed_holds == file) {
        machine.bed_holds.clear();
        machine.bed_clear = true;  // As it was, or nothing would have been started.
    }
    if (machine.last_file != file) return;
    machine.last_file = machine.last_file_before;
    machine.last_file_before.clear();
}

MachineState state_of(const Machine& machine, const Work* holder) {
    const std::string held = holder && holder->prepared ? file_of(*holder) : "";
    if (!machine.answers() || !machine.configured) return MachineState::offline;
    if (machine.reading->condition == MachineCondition::fault) return MachineState::fault;
    if (!machine.quarantine.empty()) return MachineState::fault;
    if (machine.drained) return MachineState::drained;
    if (machine.runs_other_than(held)) return MachineState::busy_locally;
    if (holder == nullptr && machine.reading->condition == MachineCondition::busy) {
        return MachineState::busy_locally;
    }
    if (holder != nullptr) return MachineState::working;
    if (!machine.bed_clear) return MachineState::awaiting_clear;
    return MachineState::idle;
}

std::optional<std::string> why_no_work(const Machine& machine) {
    const std::string name = "machine " + machine.id().text();
    if (!machine.configured) return name + " is no longer configured";
    if (!machine.answers()) return name + " does not answer";
    if (machine.reading->condition == MachineCondition::fault) {
        return name + " reports a fault: " + machine.reading->detail;
    }
    if (!machine.quarantine.empty()) {
        return name + " is closed until somebody has looked at it: " + machine.quarantine;
    }
    if (machine.drained) return name + " is drained: its operator takes no new work for it";
    return std::nullopt;
}

std::optional<std::string> why_no_start(const Machine& machine, TimePoint now) {
    if (auto reason = why_no_work(machine)) return reason;
    if (active(*machine.reading)) {
        return "the fab uses the machine itself (" + machine.reading->file + ")";
    }
    if (machine.reading->condition == MachineCondition::busy) {
        return "the machine is busy (" + machine.reading->detail + ")";
    }
    if (!machine.bed_clear && machine.bed_holds.empty()) {
        return "nobody has confirmed yet that the bed is clear";
    }
    if (!machine.bed_clear) return "the bed is not confirmed clear after " + machine.bed_holds;
    if (machine.attended && (!machine.presence_until || *machine.presence_until <= now)) {
        return "a person must stand at the machine";
    }
    return std::nullopt;
}

std::optional<std::string> why_absence_proves_nothing(const Machine& machine, const Work& work) {
    const std::string name = "machine " + machine.id().text();
    if (!machine.reading || !machine.reading->remembers) {
        return name + " does not run it and cannot say what it did";
    }
    const auto& before = work.before_start;
    const auto& now = machine.reading->history;
    if (!before || !now) {
        return name +
               " does not run it and keeps no count of its runs that could prove it never did";
    }
    if (before->boot != now->boot || now->runs < before->runs) {
        return name + " was switched on anew since and cannot say what came of ours";
    }
    if (work.has_run) return name + " no longer runs it and does not say what came of it";
    const std::uint64_t begun = now->runs - before->runs;
    if (begun == 0) return std::nullopt;
    // A single run that is known to be of another file was not ours.
    if (begun == 1 && (active(*machine.reading) || machine.reading->last_run)) return std::nullopt;
    return name + " has begun " + std::to_string(begun) + " runs since, and ours may be among them";
}

}  // namespace nearfab::agent
