// SPDX-License-Identifier: GPL-3.0-or-later
// bubblewrap.hpp - the command line of bwrap(1), and what it reports about its child.

#pragma once

#include "host/sandboxed_program.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nearfab {

inline constexpr const char* bubblewrap_program = "/usr/bin/bwrap";

// The program of `spec` wrapped in bwrap, which writes its reports to descriptor `report_to` and
// reads the system call filter of the program from `filter`, unless that is negative.
[[nodiscard]] std::vector<std::string> bubblewrap_command(const SandboxSpec& spec,
                                                          int report_to,
                                                          int filter);

// What bwrap has said so far.
struct BubblewrapReport {
    std::optional<pid_t> first_process;  // Pid 1 of the sandbox, in our numbers.
    std::optional<int> exit_code;        // Only given if the program was really started.
};
[[nodiscard]] BubblewrapReport read_bubblewrap_report(std::string_view json_lines);

}  // namespace nearfab
