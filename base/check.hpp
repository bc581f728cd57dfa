// SPDX-License-Identifier: GPL-3.0-or-later
// check.hpp - stop at once when the program itself is wrong.
//
// NEARFAB_CHECK is for what a programmer got wrong, never for what came from outside (that is a
// Result). It stays on in every build: for machines that can burn, stopping is safer than going on
// with a state nobody understands.

#pragma once

#include <string_view>

namespace nearfab {

// Prints the place and the broken expectation to stderr and aborts.
[[noreturn]] void check_failed(std::string_view expression,
                               std::string_view file,
                               int line,
                               std::string_view why) noexcept;

}  // namespace nearfab

#define NEARFAB_CHECK(expression, why) \
    (static_cast<bool>(expression)     \
         ? static_cast<void>(0)        \
         : ::nearfab::check_failed(#expression, __FILE__, __LINE__, (why)))
