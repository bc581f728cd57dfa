// SPDX-License-Identifier: GPL-3.0-or-later
// setup_dialogue.hpp - asks a person and the machines, until a configuration can be written.
//
// Everything outside comes in as functions, so a test plays the person and the machines. Nothing is
// moved, uploaded or started; opening a serial port resets some boards, and that is said before.

#pragma once

#include "base/result.hpp"
#include "node-agent/drivers/machine_driver.hpp"
#include "node-agent/setup/fab_plan.hpp"
#include "node-agent/shell/discovery.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct SetupWorld {
    // The line that a person types, without its end; nothing when there is no more input.
    std::function<std::optional<std::string>(const std::string& question)> ask;
    std::function<std::optional<std::string>(const std::string& question)> ask_secret;
    std::function<void(const std::string& text)> say;
    // In the network and on serial ports.
    std::function<std::vector<FoundMachine>()> find;
    // Of a machine whose kind, place and key are known.
    std::function<Result<MachineIdentity>(const PlannedMachine&)> identify;
    // OctoPrint's handshake (drivers/application_key.hpp); `asked` when a person can say yes.
    std::function<Result<std::string>(const std::string& url, const std::function<void()>& asked)>
        application_key;
    // Words for the card at a laser or mill.
    std::function<std::string()> presence_code;
};

// Error invalid_argument: the input ended before the questions did. At least one machine is in the
// plan.
[[nodiscard]] Result<FabPlan> plan_fab(const SetupWorld& world);

}  // namespace nearfab::agent
