// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/marlin/marlin_driver.hpp"

#include <utility>

namespace nearfab::agent {

Result<std::unique_ptr<LineDriver>> open_marlin(const MarlinOptions& options) {
    LineDriverOptions line;
    line.link = options.link;
    line.traits = {DriverTraits::Run::fed_by_us, false, true, true};
    line.last_words = "\nM104 S0\nM140 S0\nM107\n";  // It must not stand there hot.
    line.last_words_pause = Duration{2};
    line.read_program = &marlin_program;
    line.line_bytes_max = 96;
    line.reopen = options.reopen;
    return LineDriver::open(std::move(line), std::make_unique<MarlinController>(options.rules));
}

}  // namespace nearfab::agent
