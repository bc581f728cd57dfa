// SPDX-License-Identifier: GPL-3.0-or-later
// setup_command.hpp - `nearfab-agent setup`: the dialogue with a real person and real machines.

#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace nearfab::agent {

// Asks on the standard output, reads the standard input, and writes the configuration (0600), a key
// for each machine that needs one (0600) and the fab's own key if it has none. An existing
// configuration is never touched: error conflict. At the end every machine is examined.
[[nodiscard]] Status set_up(const std::filesystem::path& config);

}  // namespace nearfab::agent
