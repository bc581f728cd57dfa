// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/machine.hpp"

#include "node-agent/core/start_gate.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using agent::RunOutcome;

constexpr std::string_view code_head = "code of ";
constexpr Duration delay_max = std::chrono::seconds{4};

}  // namespace

Bytes machine_code_of(const std::vector<ContentHash>& designs, const std::string& machine) {
    std::string text{code_head};
    for (const ContentHash& design : designs)
        text += design.hex() + ' ';
    text += "for " + machine;
    return {text.begin(), text.end()};
}

// Of what the machine really holds; a design that was changed on the way is none.
std::vector<ContentHash> Machine::designs_of(const std::string& file) const {
    const auto found = files_.find(file);
    if (found == files_.end()) return {};
    const std::string text{found->second.begin(), found->second.end()};
    std::vector<ContentHash> designs;
    for (std::size_t at = code_head.size(); at + 65 <= text.size() && text[at + 64] == ' ';
         at += 65)
        designs.push_back(ContentHash::from_hex(text.substr(at, 64)).value_or(ContentHash{}));
    return designs;
}

Result<agent::MachineIdentity> Machine::identify() {
    return agent::MachineIdentity{"simulated", "matter", "1", ""};
}

bool Machine::reachable() const {
    return scene_.now >= dark_until_ && scene_.now >= silent_until_;
}

void Machine::advance() {
    if (delayed_ && delayed_->first <= scene_.now) {
        const std::string file = delayed_->second;
        delayed_.reset();
        if (!run_ && is_in_order()) begin(file, false, ordered_);
    }
    if (!run_ || run_->held_at || scene_.now < run_->ends) return;
    end(run_->fails ? RunOutcome::failed : RunOutcome::completed,
        run_->fails ? "the nozzle is blocked" : "");
}

void Machine::begin(const std::string& file, bool by_hand, TimePoint ordered) {
    Run run;
    run.file = file;
    run.by_hand = by_hand;
    run.begun = scene_.now;
    run.ends = scene_.now + std::max<Duration>(std::chrono::seconds{20},
                                               scene_.dice.around(scene_.setting.making));
    run.fails = spoiled_ || scene_.dice.chance(0.05);
    if (run.fails) run.ends = scene_.now + (run.ends - run.begun) / 3;
    StartScene start;
    start.now = ordered;
    start.machine = name_;
    start.file = file;
    start.designs = designs_of(file);
    start.bed_empty = bed_ == 0;
    start.by_hand = by_hand;
    start.attended_process = attended_;
    start.person_present = scene_.now < person_until_;
    scene_.tell(name_ + " begins " + file + (by_hand ? " by hand" : ""));
    run.pieces = scene_.oracle.started(start);
    ++runs_;
    ++bed_;
    run_ = std::move(run);
}

void Machine::end(RunOutcome outcome, const std::string& detail) {
    const bool complete = outcome == RunOutcome::completed;
    for (const std::size_t piece : run_->pieces) {
        scene_.oracle.ended(piece, complete, complete && !scene_.strikes(Fault::part_bad));
    }
    scene_.tell(name_ + " ends " + run_->file + (complete ? ", complete" : ", " + detail));
    last_run_ = agent::LastRun{run_->file, outcome, detail};
    // No program can know of a part that lies on a machine that does not count its runs: whoever
    // made it by hand takes it away.
    if (run_->by_hand && memory_ != Memory::counts_runs) bed_ = 0;
    run_.reset();
}

agent::MachineReading Machine::read() {
    advance();
    agent::MachineReading reading;
    if (!reachable()) return reading;
    reading.condition = fault_ ? agent::MachineCondition::fault : agent::MachineCondition::idle;
    if (fault_) reading.detail = "needs a person";
    if (run_ && !fault_) {
        reading.condition =
            run_->held_at ? agent::MachineCondition::paused : agent::MachineCondition::running;
        reading.file = run_->file;
        const TimePoint now = run_->held_at.value_or(scene_.now);
        const auto left = std::max(Duration::zero(), run_->ends - now);
        const auto whole = std::max(Duration{1}, run_->ends - run_->begun);
        reading.progress =
            1 - static_cast<double>(left.count()) / static_cast<double>(whole.count());
        reading.remaining_s = left.count() / 1000;
    }
    if (memory_ != Memory::none) {
        reading.remembers = true;
        reading.last_run = last_run_;
    }
    if (memory_ == Memory::counts_runs) {
        reading.history = agent::RunHistory{"power-" + std::to_string(boots_), runs_};
    }
    return reading;
}

Status Machine::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    if (!reachable() || scene_.strikes(Fault::upload_failed)) {
        return fail(ErrorCode::unavailable, "the machine does not answer");
    }
    Bytes stored{bytes.begin(), bytes.end()};
    const auto there = files_.find(name);
    if (there != files_.end() && there->second != stored) {
        return fail(ErrorCode::conflict, "another file has this name");
    }
    if (scene_.strikes(Fault::upload_changed)) stored[stored.size() / 4] ^= 1U;
    files_[name] = std::move(stored);
    return {};
}

Result<ContentHash> Machine::stored_hash(const std::string& name) {
    const auto found = files_.find(name);
    if (!reachable()) return fail(ErrorCode::unavailable, "the machine does not answer");
    if (found == files_.end()) return fail(ErrorCode::not_found, "no such file");
    return hash_of(found->second);
}

Status Machine::start(const agent::StartPermit& permit) {
    advance();
    if (!reachable()) return fail(ErrorCode::timed_out, "no answer");
    if (run_ || fault_ || delayed_) return fail(ErrorCode::conflict, "busy");
    if (scene_.strikes(Fault::start_refused)) return fail(ErrorCode::conflict, "the door is open");
    if (scene_.strikes(Fault::start_swallowed)) return fail(ErrorCode::timed_out, "no answer");
    if (scene_.strikes(Fault::start_delayed)) {
        ordered_ = scene_.now;
        delayed_ = {scene_.now + scene_.dice.between({}, delay_max), permit.machine_file()};
        return fail(ErrorCode::timed_out, "no answer");
    }
    if (scene_.strikes(Fault::start_imagined)) return {};
    begin(permit.machine_file(), false, scene_.now);
    if (scene_.strikes(Fault::start_unanswered)) return fail(ErrorCode::timed_out, "no answer");
    return {};
}

Status Machine::pause() {
    advance();
    if (!reachable()) return fail(ErrorCode::timed_out, "no answer");
    if (!run_ || run_->held_at) return fail(ErrorCode::conflict, "nothing to pause");
    scene_.tell(name_ + " pauses " + run_->file);
    run_->held_at = scene_.now;
    return {};
}

Status Machine::resume() {
    advance();
    if (!reachable()) return fail(ErrorCode::timed_out, "no answer");
    if (!run_ || !run_->held_at) return fail(ErrorCode::conflict, "nothing is paused");
    scene_.tell(name_ + " goes on with " + run_->file);
    run_->ends += scene_.now - *run_->held_at;
    run_->held_at.reset();
    return {};
}

Status Machine::cancel() {
    advance();
    if (!reachable()) return fail(ErrorCode::timed_out, "no answer");
    if (!run_) return fail(ErrorCode::conflict, "runs nothing");
    end(RunOutcome::aborted, "stopped");
    return {};
}

void Machine::lose_power(Duration span) {
    delayed_.reset();
    if (run_) end(RunOutcome::failed, "power lost");
    // It counts anew, and remembers nothing.
    last_run_.reset();
    ++boots_;
    runs_ = 0;
    dark_until_ = scene_.now + span;
}

void Machine::fall_silent(Duration span) {
    silent_until_ = scene_.now + span;
}

void Machine::fail_now() {
    delayed_.reset();
    if (run_) end(RunOutcome::failed, "thermal error");
    fault_ = true;
}

bool Machine::run_by_hand(const std::string& file) {
    advance();
    if (run_ || delayed_ || fault_ || scene_.now < dark_until_) return false;
    bed_ = 0;  // Whoever starts something takes away what lies there.
    begin(file, true, scene_.now);
    return true;
}

void Machine::heal() {
    dark_until_ = std::min(dark_until_, scene_.now);
    silent_until_ = std::min(silent_until_, scene_.now);
    spoiled_ = false;
}

}  // namespace nearfab::simulation
