// SPDX-License-Identifier: GPL-3.0-or-later
// Of its own: the kernel's <asm/termbits.h> and <termios.h> name the same things.

#include "node-agent/drivers/serial_speed.hpp"

#include <asm/termbits.h>
#include <cerrno>
#include <sys/ioctl.h>

namespace nearfab::agent {

bool set_serial_speed(int descriptor, int baud) {
    termios2 settings{};
    if (::ioctl(descriptor, TCGETS2, &settings) != 0) return false;
    settings.c_cflag &= ~static_cast<tcflag_t>(CBAUD | (CBAUD << IBSHIFT));
    settings.c_cflag |= static_cast<tcflag_t>(BOTHER | (BOTHER << IBSHIFT));
    settings.c_ispeed = static_cast<speed_t>(baud);
    settings.c_ospeed = static_cast<speed_t>(baud);
    return ::ioctl(descriptor, TCSETS2, &settings) == 0;
}

}  // namespace nearfab::agent
