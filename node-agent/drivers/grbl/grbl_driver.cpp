// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/grbl/grbl_driver.hpp"

#include "node-agent/drivers/grbl/grbl_program.hpp"

#include <utility>

namespace nearfab::agent {

Result<std::unique_ptr<LineDriver>> open_grbl(const GrblOptions& options) {
    LineDriverOptions line;
    line.link = options.link;
    line.traits = {DriverTraits::Run::fed_by_us, false, true, true, true};
    line.last_words = "!\x18";  // Hold, then reset: beam and spindle off.
    line.read_program = [kind = options.rules.kind](std::string_view code) {
        return grbl_program(code, kind);
    };
    line.line_bytes_max = grbl_line_bytes_max + 1;
    line.reopen = options.reopen;
    return LineDriver::open(std::move(line), std::make_unique<GrblController>(options.rules));
}

}  // namespace nearfab::agent
