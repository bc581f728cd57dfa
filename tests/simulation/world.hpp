// SPDX-License-Identifier: GPL-3.0-or-later
// world.hpp - one seed: a router, fabs, machines, people and a storm, from the first job to quiet.

#pragma once

#include "tests/simulation/agent_host.hpp"
#include "tests/simulation/designer.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/operator.hpp"
#include "tests/simulation/router_host.hpp"
#include "tests/simulation/scene.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nearfab::simulation {

struct Outcome {
    std::uint64_t seed = 0;
    std::optional<std::string> violation;
    Duration simulated{};
    FaultCounts faults{};
    Coverage coverage;
    std::uint64_t fingerprint = 0;
    std::uint64_t steps = 0;          // Of the cores.
    std::uint64_t pieces = 0;         // That machines began,
    std::uint64_t beside_others = 0;  // these of them in one run with others.
};

class World {
public:
    explicit World(std::uint64_t seed, bool loud = false);
    [[nodiscard]] Outcome run();

private:
    void build();
    void add_fab(std::size_t number);
    void add_forger();
    void advance();
    [[nodiscard]] TimePoint next() const;
    void run_until_quiet();
    void calm();
    [[nodiscard]] bool is_quiet() const;
    [[nodiscard]] bool is_dead(const FabId& fab) const;
    [[nodiscard]] bool knows_of_part(const router::WorkOrder& order) const;
    void check_forgotten() const;
    void check_end() const;
    void check_pieces() const;

    // storm.cpp
    void strike();
    void strike(Fault fault);
    [[nodiscard]] AgentHost* living_fab();
    [[nodiscard]] Machine* some_machine();
    bool strike_agent(Fault fault);
    bool strike_machine(Fault fault);
    bool strike_router(Fault fault);
    bool strike_network(Fault fault);
    bool strike_trust(Fault fault);
    bool clone();
    bool forge();
    bool tell_a_lie();
    void run_forger();
    void end_trust_faults();
    void inspect_trust();

    std::uint64_t seed_;
    Scene scene_;
    Network network_;
    std::unique_ptr<RouterHost> router_;
    std::vector<std::unique_ptr<AgentHost>> fabs_;
    std::vector<std::unique_ptr<AgentHost>> clones_;
    std::vector<Machine*> machines_;  // Of all fabs.
    std::vector<std::unique_ptr<Operator>> operators_;
    std::vector<std::unique_ptr<Designer>> designers_;
    std::vector<wire::Identity> keys_;  // Of the fabs.
    TimePoint next_strike_;
    std::optional<TimePoint> trust_ends_;  // The network's operator has looked.
    TimePoint next_inspection_;            // Then the operator looks who is held back.
    bool fab_died_ = false;
    bool gave_up_ = false;
    std::set<FabId> cloned_;
    LineNumber forger_line_ = 0;
    std::unique_ptr<wire::ClientSession> forger_;
    std::vector<Bytes> forger_inbox_;
};

}  // namespace nearfab::simulation
