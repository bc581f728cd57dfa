// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/screen_of_process.hpp"

#include <cstdint>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nearfab {
namespace {

bool is_terminal(int descriptor, const ScreenWishes& wishes) {
    return isatty(descriptor) == 1 && wishes.term != "dumb";
}

std::uint32_t width_of(int descriptor) {
    winsize size{};
    const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

}  // namespace

Screen screen_of_process(const ScreenWishes& wishes) {
    const bool plain = wishes.no_colour || wishes.json || !wishes.no_color.empty();
    return Screen{.out = std::cout,
                  .err = std::cerr,
                  .json = wishes.json,
                  .quiet = wishes.quiet,
                  .colour = !plain && is_terminal(STDOUT_FILENO, wishes),
                  .live = is_terminal(STDERR_FILENO, wishes),
                  .asks = !wishes.json && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
                  .width = width_of(STDERR_FILENO)};
}

}  // namespace nearfab
