// SPDX-License-Identifier: GPL-3.0-or-later
// driver_factory.hpp - the driver that a machine's configuration asks for.

#pragma once

#include "base/result.hpp"
#include "node-agent/drivers/machine_driver.hpp"
#include "node-agent/shell/config.hpp"

#include <memory>
#include <string>

namespace nearfab::agent {

// The machine need not answer; only what is on this computer is looked at. Errors: config with the
// machine's name, the cause and what to do, for a key that is missing or that others can read.
[[nodiscard]] Result<std::unique_ptr<MachineDriver>> make_driver(const MachineConfig& machine,
                                                                 const std::string& boot_id);

}  // namespace nearfab::agent
