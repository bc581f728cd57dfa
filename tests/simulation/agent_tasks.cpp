// SPDX-License-Identifier: GPL-3.0-or-later
// What the real agent leaves to threads: machines, slicing, fetching designs, the start gate.

#include "tests/simulation/agent_host.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration fetch_again = seconds{30};

}  // namespace

void AgentHost::schedule(Duration low, Duration high, std::function<void()> work) {
    process_->tasks.push_back(
        {scene_.now + scene_.dice.between(low, high), ++task_order_, std::move(work), {}, {}});
}

void AgentHost::run_tasks() {
    for (;;) {
        auto& tasks = process_->tasks;
        const auto first =
            std::min_element(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
                return std::pair{a.due, a.order} < std::pair{b.due, b.order};
            });
        if (first == tasks.end() || first->due > scene_.now) return;
        const Task task = std::move(*first);
        tasks.erase(first);
        task.work();
    }
}

void AgentHost::look() {
    for (auto& [id, at] : process_->next_look) {
        if (at > scene_.now) continue;
        at = scene_.now + (scene_.stormy ? scene_.setting.poll : scene_.setting.poll_when_calm);
        process_->events.push_back(agent::event::MachineRead{id, machines_.at(id)->read()});
    }
}

void AgentHost::fetch(Moment now, const ContentHash& design) {
    if (designs_.contains(design)) {
        process_->fetches.erase(design);
        process_->events.push_back(agent::event::DesignFetched{design});
        return;
    }
    process_->fetches[design] = scene_.now + fetch_again;
    (void)process_->session.send(now.boot, message::ReadChunk{design, 0}, ++process_->correlations);
}

void AgentHost::take_chunk(const message::DesignChunk& chunk) {
    if (process_->fetches.erase(chunk.design) == 0) return;
    if (hash_of(chunk.bytes) != chunk.design) {
        process_->events.push_back(
            agent::event::DesignFetchFailed{chunk.design, "its bytes have another hash"});
        return;
    }
    designs_[chunk.design] = chunk.bytes;
    process_->events.push_back(agent::event::DesignFetched{chunk.design});
}

void AgentHost::prepare(const agent::effect::Prepare& what) {
    schedule(seconds{1}, minutes{2}, [this, what] {
        if (scene_.strikes(Fault::slicer_failed)) {
            process_->events.push_back(
                agent::event::PrepareFailed{what.key, "the slicer ran for too long"});
            return;
        }
        Bytes code = machine_code_of({what.design.design}, what.machine.text());
        const ContentHash hash = hash_of(code);
        code_[hash] = std::move(code);
        process_->events.push_back(
            agent::event::Prepared{what.key, hash, scene_.setting.making.count() / 1000, 10});
    });
}

void AgentHost::prepare_plate(const agent::effect::PreparePlate& what) {
    schedule(seconds{1}, minutes{3}, [this, what] {
        std::vector<agent::AttemptKey> keys;
        std::vector<ContentHash> designs;
        for (const agent::effect::Prepare& piece : what.pieces) {
            keys.push_back(piece.key);
            designs.push_back(piece.design.design);
        }
        if (scene_.dice.chance(0.2)) {
            process_->events.push_back(agent::event::PlateFailed{keys, "they do not fit"});
            return;
        }
        Bytes code = machine_code_of(designs, what.pieces.front().machine.text());
        const ContentHash hash = hash_of(code);
        code_[hash] = std::move(code);
        // A skirt is drawn once, and the purge between them is more than for each alone.
        const double grams = 4.0 + 8.0 * static_cast<double>(keys.size());
        process_->events.push_back(agent::event::PlatePrepared{
            std::move(keys), hash, scene_.setting.making.count() / 1000, grams});
    });
}

void AgentHost::upload(const agent::effect::UploadToMachine& what) {
    schedule({}, seconds{20}, [this, what] {
        const Status done =
            machines_.at(what.machine)->upload(what.machine_file, code_.at(what.machine_code));
        if (done) {
            process_->events.push_back(agent::event::UploadedToMachine{what.key});
            return;
        }
        const bool again = done.error().code == ErrorCode::unavailable;
        process_->events.push_back(
            agent::event::UploadFailed{what.key, done.error().message, again});
    });
}

namespace {

// A machine behind a program that is stopped in the middle of the gate.
class PausedDriver final : public agent::MachineDriver {
public:
    PausedDriver(Scene& scene, Machine& machine, Duration pause)
        : scene_{scene}, machine_{machine}, pause_{pause} {}
    Result<agent::MachineIdentity> identify() override { return machine_.identify(); }
    agent::MachineReading read() override {
        const agent::MachineReading reading = machine_.read();
        scene_.now += pause_;
        return reading;
    }
    Status upload(const std::string& name, std::span<const std::uint8_t> bytes) override {
        return machine_.upload(name, bytes);
    }
    Result<ContentHash> stored_hash(const std::string& name) override {
        return machine_.stored_hash(name);
    }
    Status start(const agent::StartPermit& permit) override { return machine_.start(permit); }
    Status pause() override { return machine_.pause(); }
    Status resume() override { return machine_.resume(); }
    Status cancel() override { return machine_.cancel(); }

private:
    Scene& scene_;
    Machine& machine_;
    Duration pause_;
};

}  // namespace

void AgentHost::open_gate(const agent::effect::OpenStartGate& what) {
    const agent::AttemptKey key{what.order.work_order, what.order.epoch};
    if (scene_.strikes(Fault::agent_crash_before_start))
        fuse_.arm(1 + static_cast<int>(scene_.dice.below(3)));
    const auto revoked = std::make_shared<bool>(false);
    schedule({}, seconds{3}, [this, what, key, revoked] {
        Machine& machine = *machines_.at(what.order.machine);
        const bool paused = scene_.strikes(Fault::paused_at_gate);
        PausedDriver driver{
            scene_, machine, paused ? scene_.dice.between({}, minutes{3}) : Duration{}};
        agent::StartOutcome outcome = agent::StartGate::open(
            what.order,
            driver,
            [this] { return computer_.read(scene_.now); },
            [revoked] { return *revoked; });
        if (machine.is_active() && scene_.strikes(Fault::agent_crash_after_start)) throw Crash{};
        process_->events.push_back(agent::event::StartGateAnswered{key, std::move(outcome)});
    });
    process_->tasks.back().gate = key;
    process_->tasks.back().revoked = revoked;
}

void AgentHost::revoke(const agent::effect::RevokeStart& what) {
    auto& tasks = process_->tasks;
    const auto gate = std::find_if(
        tasks.begin(), tasks.end(), [&](const Task& task) { return task.gate == what.key; });
    if (gate == tasks.end()) return;  // It has answered already.
    // Sometimes it is already on its way to the machine, and hears of it there.
    *gate->revoked = true;
    if (scene_.dice.chance(0.5)) return;
    tasks.erase(gate);
    process_->events.push_back(agent::event::StartGateAnswered{
        what.key, {agent::StartOutcome::Kind::revoked, what.reason}});
}

void AgentHost::cancel(const agent::effect::CancelRun& what) {
    schedule({}, seconds{5}, [this, what] {
        Machine& machine = *machines_.at(what.machine);
        const agent::MachineReading reading = machine.read();
        const bool active = reading.condition == agent::MachineCondition::running ||
                            reading.condition == agent::MachineCondition::paused;
        Status done = active && reading.file != what.machine_file
                          ? fail(ErrorCode::conflict, "the machine runs something else")
                          : machine.cancel();
        process_->events.push_back(agent::event::CancelAnswered{
            what.key, done.has_value(), done ? std::string{} : done.error().message});
    });
}

void AgentHost::pause(const agent::effect::PauseRun& what) {
    schedule({}, seconds{5}, [this, what] {
        Machine& machine = *machines_.at(what.machine);
        const agent::MachineReading reading = machine.read();
        const bool late = what.until && computer_.read(scene_.now).boot >= *what.until;
        Status done;
        if (reading.file != what.machine_file || late) {
            done = fail(ErrorCode::conflict, "the machine runs something else, or it is too late");
        } else {
            done = what.go_on ? machine.resume() : machine.pause();
        }
        agent::event::PauseAnswered answer{what.key, std::nullopt};
        if (!done) answer.error = done.error();
        process_->events.push_back(std::move(answer));
    });
}

}  // namespace nearfab::simulation
