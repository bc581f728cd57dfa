// SPDX-License-Identifier: GPL-3.0-or-later
// simulated_memory.hpp - the simulated machine's memory as JSON text.

#pragma once

#include "base/result.hpp"
#include "node-agent/drivers/simulated_machine.hpp"

#include <string>
#include <string_view>

namespace nearfab::agent {

[[nodiscard]] std::string to_json(const SimulatedMemory& memory);

// Error invalid_file: not what to_json writes.
[[nodiscard]] Result<SimulatedMemory> memory_from_json(std::string_view text);

}  // namespace nearfab::agent
