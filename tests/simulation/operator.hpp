// SPDX-License-Identifier: GPL-3.0-or-later
// operator.hpp - the people of a fab: they see matter as it is, come when they like, and are
// honest.

#pragma once

#include "tests/simulation/agent_host.hpp"

namespace nearfab::simulation {

class Operator {
public:
    Operator(Scene& scene, AgentHost& fab) : scene_{scene}, fab_{fab} { come_again(); }

    [[nodiscard]] TimePoint next() const;
    void run();

private:
    void come_again();
    void look_at(const MachineId& id, Machine& machine);
    void look_at_material(const MachineId& id, const agent::Machine& seen);
    void look_at(const agent::Work& work);
    void hold_or_let_go(const agent::Work& work);
    void decide_doubt(const agent::Work& work);
    void say(message::OperatorAction action,
             const WorkOrderId& work,
             const MachineId& machine,
             std::string text = {});

    Scene& scene_;
    AgentHost& fab_;
    TimePoint at_;
};

}  // namespace nearfab::simulation
