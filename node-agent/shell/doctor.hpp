// SPDX-License-Identifier: GPL-3.0-or-later
// doctor.hpp - every machine of the configuration asked what it is, and what a person should mend.

#pragma once

#include "node-agent/shell/config.hpp"

#include <string>
#include <vector>

namespace nearfab::agent {

struct Examination {
    std::string machine;               // "small (octoprint)"
    std::vector<std::string> facts;    // What it says of itself.
    std::vector<std::string> remarks;  // What may matter; nothing is wrong.
    std::vector<std::string> faults;   // What to mend, with what to do; empty: it can work.
};

// Asks all machines at once, each for some seconds at most. Nothing is moved, uploaded or started;
// opening a serial port resets some boards.
[[nodiscard]] std::vector<Examination> examine_machines(const Config& config,
                                                        const std::string& boot_id);

// For people; a fault has "!" before it.
[[nodiscard]] std::string to_text(const Examination& examination);

}  // namespace nearfab::agent
