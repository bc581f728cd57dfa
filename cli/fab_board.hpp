// SPDX-License-Identifier: GPL-3.0-or-later
// fab_board.hpp - machines and work of a fab, on a screen that stays beside the machines.

#pragma once

#include "base/result.hpp"
#include "cli/desk.hpp"
#include "host/exit_code.hpp"

#include <optional>
#include <string>

namespace nearfab::cli {

// Asks the agent every two seconds, and draws when something changed: over the last picture on a
// terminal, below it in a file or pipe. While the agent does not answer the board says so, and goes
// on when it is back. Ends with interrupted, by Ctrl-C. `fab`: see FabLink. Error: the agent is not
// there at first.
[[nodiscard]] Result<ExitCode> show_board(const Desk& desk, const std::optional<std::string>& fab);

}  // namespace nearfab::cli
