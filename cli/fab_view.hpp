// SPDX-License-Identifier: GPL-3.0-or-later
// fab_view.hpp - fabs and their machines, as text.

#pragma once

#include "cli/screen.hpp"
#include "proto/model/message.hpp"

#include <string>

namespace nearfab::cli {

// One line per machine of every fab, in the order given.
[[nodiscard]] std::string fabs_text(const message::Fabs& fabs, bool with_distance);

// What the operator's own agent says.
[[nodiscard]] std::string agent_text(const message::AgentStatus& status, const Screen& screen);

}  // namespace nearfab::cli
