// SPDX-License-Identifier: GPL-3.0-or-later
// status_command.hpp - `nearfab-agent status`: machines and work of this fab, as its agent says.

#pragma once

#include "base/result.hpp"
#include "host/exit_code.hpp"
#include "node-agent/shell/config.hpp"

#include <cstdint>

namespace nearfab::agent {

enum class StatusLook : std::uint8_t {
    once,   // A text.
    board,  // Drawn again until Ctrl-C (ExitCode::interrupted).
    json,   // The object of `nearfab fab status --json`.
};

// Asks the agent that runs with this configuration, over its control socket, and prints. Errors:
// unavailable when it does not run or does not answer, unauthorised when this user may not ask.
[[nodiscard]] Result<ExitCode> show_status(const Config& config, StatusLook look);

}  // namespace nearfab::agent
