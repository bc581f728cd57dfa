// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_driver.hpp - the driver of a mill or laser with Grbl 1.1, grblHAL or FluidNC.
//
// There is no way to start the machine from afar: a start needs a person confirmed to be there,
// and so does every minute of the run (attend()).
//
// docs/drivers/grbl.md says how to set a machine up.

#pragma once

#include "node-agent/drivers/grbl/grbl_controller.hpp"
#include "node-agent/drivers/line_driver.hpp"

#include <chrono>
#include <memory>

namespace nearfab::agent {

struct GrblOptions {
    ByteLinkOptions link;
    GrblRules rules;
    Duration reopen = std::chrono::seconds{1};
};

// Errors: as LineDriver::open.
[[nodiscard]] Result<std::unique_ptr<LineDriver>> open_grbl(const GrblOptions& options);

}  // namespace nearfab::agent
