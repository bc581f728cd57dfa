// SPDX-License-Identifier: GPL-3.0-or-later
// status_command.hpp - `nearfab-agent status`: machines and work of this fab, as its agent says.

#pragma once

#include "base/result.hpp"
#include "host/exit_code.hpp"
#include "node-agent/shell/config.hpp"

namespace nearfab::agent {

// Asks the agent that runs with this configuration, over its control socket, and prints; with
// `watch` a board that is drawn again until Ctrl-C (ExitCode::interrupted). Errors: unavailable
// when it does not run or does not answer, unauthorised when this user may not ask.
[[nodiscard]] Result<ExitCode> show_status(const Config& config, bool watch);

}  // namespace nearfab::agent
