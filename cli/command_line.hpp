// SPDX-License-Identifier: GPL-3.0-or-later
// command_line.hpp - the words of the command line, understood.

#pragma once

#include "base/result.hpp"
#include "base/version.hpp"
#include "cli/command.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nearfab::cli {

inline constexpr std::string_view program_version = version;

// --help was asked for: text to print, nothing to do.
struct HelpText {
    std::string text;
};

// `arguments` without the program's name. Error invalid_argument, with "did you mean" where a verb
// or an option is almost right.
[[nodiscard]] Result<std::variant<CommandLine, HelpText>> parse_command_line(
    const std::vector<std::string>& arguments);

}  // namespace nearfab::cli
