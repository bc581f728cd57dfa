// SPDX-License-Identifier: GPL-3.0-or-later
// serial_speed.hpp - any baud rate of a serial line; 250000 has no name in <termios.h>.

#pragma once

namespace nearfab::agent {

// False, with errno, when the device takes no such speed. REQUIRES: everything else is set.
[[nodiscard]] bool set_serial_speed(int descriptor, int baud);

}  // namespace nearfab::agent
