// SPDX-License-Identifier: GPL-3.0-or-later
// agent_board.hpp - machines and work of a fab, on a screen that stays beside the machines.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "host/exit_code.hpp"
#include "proto/model/message.hpp"
#include "terminal/screen.hpp"

#include <functional>
#include <string>

namespace nearfab {

// "pla 800 g, petg 1.25 kg", or "none".
[[nodiscard]] std::string materials_text(const Capability& machine);
// "3 h 05 min", or "-".
[[nodiscard]] std::string backlog_text(const Capability& machine);

// What an agent says, as two tables.
[[nodiscard]] std::string agent_text(const message::AgentStatus& status, const Screen& screen);

struct BoardSource {
    std::function<Result<message::AgentStatus>()> look;
    // Waits for so long, at most, and takes what comes late.
    std::function<void(Duration)> idle;
    std::function<std::string(const message::AgentStatus&)> picture;
};

// Looks every two seconds, and draws when something changed: over the last picture on a terminal,
// below it in a file or pipe. While the agent does not answer the board says so, and goes on when
// it is back. Ends with interrupted, by Ctrl-C. Error: it did not answer at first.
[[nodiscard]] Result<ExitCode> show_board(const BoardSource& source, const Screen& screen);

}  // namespace nearfab
