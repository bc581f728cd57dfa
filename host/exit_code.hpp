// SPDX-License-Identifier: GPL-3.0-or-later
// exit_code.hpp - how a program of nearfab ends, as a number for scripts.
//
// All programs use the same table; the daemons know only some of its rows. The numbers are stable:
// scripts rely on them. `nearfab help exit-codes` prints the table.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace nearfab {

enum class ExitCode : std::uint8_t {
    ok = 0,
    failure = 1,
    usage = 2,
    nobody_can = 3,
    authentication = 4,
    job_failed = 5,
    unreachable = 6,
    file_rejected = 7,
    still_pending = 8,
    interrupted = 130,
};

struct ExitCodeMeaning {
    ExitCode code = ExitCode::ok;
    std::string_view name;     // Stable, for programs.
    std::string_view meaning;  // For people.
};

[[nodiscard]] std::span<const ExitCodeMeaning> exit_code_meanings();

// How the program ends when this kind of error reaches main().
[[nodiscard]] ExitCode exit_code_of(ErrorCode code);

}  // namespace nearfab
