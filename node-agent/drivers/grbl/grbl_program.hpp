// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_program.hpp - machine code as the short lines that a Grbl is sent.
//
// The gate (machine_code/) has decided what may run; this is the wire's own last look. A byte that
// a Grbl takes out of its stream and obeys at once ("!", "~", "?", 0x18, 0x80 and above) could sit
// in a comment, so comments and spaces are taken away first, and what is left must be plain words:
// no "$", no "%", no line over 79 bytes, nothing that writes into the controller's memory. For a
// laser: no M3, whose beam stays on when the program ends halfway; M4 goes dark when it stands
// still. Pure.

#pragma once

#include "base/result.hpp"
#include "node-agent/drivers/line_program.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nearfab::agent {

enum class GrblKind : std::uint8_t { mill, laser };

inline constexpr std::size_t grbl_line_bytes_max = 79;

// Error invalid_file: the line, its text and why. Error too_large: more than 4 GiB.
[[nodiscard]] Result<LineProgram> grbl_program(std::string_view code, GrblKind kind);

}  // namespace nearfab::agent
