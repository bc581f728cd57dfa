// SPDX-License-Identifier: GPL-3.0-or-later
// marlin_driver.hpp - the driver of a printer with Marlin on a serial line.
//
// A print lasts as long as this program and the line: when either is lost, so is the part. Where a
// printer can be behind OctoPrint, Moonraker or PrusaLink, that is the better way.
//
// docs/drivers/marlin.md says how to set a printer up.

#pragma once

#include "node-agent/drivers/line_driver.hpp"
#include "node-agent/drivers/marlin/marlin_controller.hpp"

#include <memory>

namespace nearfab::agent {

struct MarlinOptions {
    ByteLinkOptions link;
    MarlinRules rules;
    Duration reopen = std::chrono::seconds{1};
};

// Errors: as LineDriver::open.
[[nodiscard]] Result<std::unique_ptr<LineDriver>> open_marlin(const MarlinOptions& options);

}  // namespace nearfab::agent
