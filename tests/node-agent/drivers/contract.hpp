// SPDX-License-Identifier: GPL-3.0-or-later
// contract.hpp - steps that every driver takes in the contract suite.

#pragma once

#include "node-agent/core/evidence.hpp"
#include "node-agent/core/start_gate.hpp"
#include "tests/node-agent/drivers/machine_rig.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <string>

namespace nearfab::agent::contract {

// Looks at the machine until it is so; the test fails when it is not within the rig's patience.
MachineReading wait_until(MachineRig& rig,
                          MachineDriver& driver,
                          const std::string& what,
                          const std::function<bool(const MachineReading&)>& so);

MachineReading wait_for(MachineRig& rig, MachineDriver& driver, MachineCondition condition);
MachineReading wait_for(MachineRig& rig,
                        MachineDriver& driver,
                        const std::string& file,
                        Evidence evidence);

// Through the start gate, with everything the gate asks of the agent in order and a person there.
StartOutcome start(MachineDriver& driver, const std::string& file, const std::string& program);

// The same past the gate's own questions to the machine: what does the driver itself refuse?
StartOutcome start_blindly(MachineDriver& driver,
                           const std::string& file,
                           const std::string& program);

// Uploads a program under a fresh name and starts it; the name.
std::string run_something(MachineRig& rig, MachineDriver& driver);

}  // namespace nearfab::agent::contract
