// SPDX-License-Identifier: GPL-3.0-or-later
// dead_man.hpp - a process that stops a machine when the program that feeds it is gone.
//
// A controller whose host falls silent runs what it has, and stands then with its spindle turning
// or its heaters on. So a second process holds the same open link, and hears from us five times a
// second while a program runs. When we say nothing for two seconds, or are killed, it sends the
// controller its last words. It is forked without exec, so it needs no second program to be
// installed, and does nothing but wait and write.
//
// What it cannot do: anything about a cable that was pulled or a computer without power. That
// takes a switch at the machine.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "host/file_descriptor.hpp"

#include <string>
#include <sys/types.h>

namespace nearfab::agent {

class DeadMan {
public:
    // `last_words` are written to the link byte by byte, with the pause behind each.
    // Error internal: no process can be made.
    [[nodiscard]] static Result<DeadMan> watch(int link,
                                               const std::string& last_words,
                                               Duration pause);
    ~DeadMan();
    DeadMan(DeadMan&&) noexcept;
    DeadMan& operator=(DeadMan&&) noexcept;

    // At least every second while a program runs; false when none does. Never blocks. False when
    // the process is gone: then nothing would stop the machine.
    [[nodiscard]] bool hear(bool runs);
    // We end although the machine may not stand: it says its last words now.
    void leave_it_to_it();

private:
    DeadMan(FileDescriptor line, pid_t process) : line_{std::move(line)}, process_{process} {}
    FileDescriptor line_;
    pid_t process_ = -1;
};

}  // namespace nearfab::agent
