// SPDX-License-Identifier: GPL-3.0-or-later
// agent_host.hpp - a fab's computer: the real agent core, session and start gate between a
// simulated disk, network and machines.
//
// Its turn is that of node-agent/shell/event_loop.cpp, with the same settle(); what that leaves to
// threads (machines, slicing) is done here by tasks with a due time.

#pragma once

#include "node-agent/core/agent.hpp"
#include "tests/simulation/computer.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/machine.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/turn_log.hpp"
#include "wire/client_session.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nearfab::simulation {

using MachineOfFab = std::map<MachineId, std::shared_ptr<Machine>>;

class AgentHost {
public:
    AgentHost(Scene& scene,
              Network& network,
              std::string name,
              agent::AgentOptions options,
              MachineOfFab machines,
              WallTime wall);
    // A copy of that fab's disk, on another computer in front of the same machines.
    AgentHost(const AgentHost& original, std::string name);

    void dial(LineNumber line) { line_ = line; }
    void receive(const Bytes& bytes);
    // When it wants to run next; kept until something happens to it.
    [[nodiscard]] TimePoint next() const {
        if (!next_) next_ = find_next();
        return *next_;
    }
    void run();

    // ---- Faults ----
    void crash(Duration down);
    // Dies within the next turns, somewhere between two steps of one.
    void light_fuse(int points) { fuse_.arm(points); }
    void reboot(Duration down);
    void suspend(Duration span) {
        next_.reset();
        frozen_until_ = scene_.now + span;
    }
    void set_wall_clock(Duration by) { computer_.set_wall_clock(by); }
    bool flip_bit();
    // For ever.
    void die();
    void heal();

    // ---- For the people in the fab ----
    void order(message::OperatorCommand command);
    [[nodiscard]] bool is_up() const { return process_ != nullptr; }
    // Up, and not suspended.
    [[nodiscard]] bool can_hear() const { return process_ && scene_.now >= frozen_until_; }
    [[nodiscard]] bool is_dead() const { return dead_; }
    [[nodiscard]] const agent::Agent* agent() const;
    [[nodiscard]] const MachineOfFab& machines() const { return machines_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] LineNumber line() const { return line_; }

private:
    struct Task {
        TimePoint due;
        std::uint64_t order = 0;
        std::function<void()> work;
        std::optional<agent::AttemptKey> gate;  // Taken back by its key while it waits.
        std::shared_ptr<bool> revoked;
    };
    struct Process {
        Process(agent::AgentOptions options,
                wire::ClientSessionOptions session_options,
                TimePoint now)
            : core{std::move(options)}, session{std::move(session_options), now} {}
        agent::Agent core;
        wire::ClientSession session;
        std::deque<agent::Event> events;
        std::vector<Task> tasks;
        std::map<ContentHash, TimePoint> fetches;  // Asked for; when to ask again.
        std::uint64_t correlations = 0;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> handled;
        agent::Effects effects;
        std::map<MachineId, TimePoint> next_look;
        TurnLog log;
        std::map<agent::AttemptKey, agent::Stage> stages;
        std::optional<message::StartRight> right;  // Being taken in.
        // What has answered the last question of each; on a plate they wait for each other.
        std::map<agent::AttemptKey, message::StartRight> rights;
        TimePoint rights_stop_until;  // Until then they gather in some queue.
    };

    [[nodiscard]] TimePoint find_next() const;
    void wire_up();
    void start();
    void end_process(Duration down);
    void turn(Moment now);
    void take(Moment now, const wire::ClientEvent& event);
    void hear(Moment now, const Message& body);
    void take_right(Moment now, const message::StartRight& right);
    void hear_right(Moment now, const message::StartRight& right);
    void feed(Moment now, const agent::Event& event);
    void observe(const agent::Effects& effects);
    void commit(Moment now);
    void carry_out(Moment now, const agent::Effect& effect);
    void send(Moment now, const agent::effect::SendToRouter& effect);
    void fetch(Moment now, const ContentHash& design);
    void take_chunk(const message::DesignChunk& chunk);
    void prepare(const agent::effect::Prepare& what);
    void prepare_plate(const agent::effect::PreparePlate& what);
    void upload(const agent::effect::UploadToMachine& what);
    void open_gate(const agent::effect::OpenStartGate& what);
    void revoke(const agent::effect::RevokeStart& what);
    void cancel(const agent::effect::CancelRun& what);
    void pause(const agent::effect::PauseRun& what);
    void schedule(Duration low, Duration high, std::function<void()> work);
    void run_tasks();
    void look();
    void send_all(Moment now);
    [[nodiscard]] std::size_t rows_needed() const;

    Scene& scene_;
    Network& network_;
    std::string name_;
    agent::AgentOptions options_;
    MachineOfFab machines_;
    Computer computer_;
    Fuse fuse_;
    Disk disk_;
    std::map<ContentHash, Bytes> designs_;
    std::map<ContentHash, Bytes> code_;
    LineNumber line_ = 0;

    mutable std::optional<TimePoint> next_;
    std::unique_ptr<Process> process_;
    std::vector<Bytes> inbox_;
    TimePoint restart_at_;
    TimePoint frozen_until_;
    std::uint64_t task_order_ = 0;
    bool dead_ = false;
};

}  // namespace nearfab::simulation
