// SPDX-License-Identifier: GPL-3.0-or-later
// screen_of_process.hpp - the screen of this process: its own streams, and what they are.

#pragma once

#include "terminal/screen.hpp"

#include <string>

namespace nearfab {

struct ScreenWishes {
    bool json = false;
    bool quiet = false;
    bool no_colour = false;
    std::string term;      // The variable TERM,
    std::string no_color;  // and NO_COLOR; empty: not set.
};

[[nodiscard]] Screen screen_of_process(const ScreenWishes& wishes);

}  // namespace nearfab
