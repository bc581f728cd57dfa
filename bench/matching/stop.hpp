// SPDX-License-Identifier: GPL-3.0-or-later
// stop.hpp - the end of a bench that cannot go on.

#pragma once

#include <string>

namespace nearfab::bench {

// Prints what went wrong and what to do next, and ends the program with exit code 1.
[[noreturn]] void stop(const std::string& message, const std::string& next);

}  // namespace nearfab::bench
