// SPDX-License-Identifier: GPL-3.0-or-later
// signals.hpp - requests to stop or reload as something an event loop can wait for.
//
// While it lives, SIGTERM, SIGINT and SIGHUP do not interrupt the program; they make a descriptor
// readable instead. Open it in main() before any thread is started, because threads inherit the
// blocked signals from the thread that starts them. The destructor restores the signal mask of the
// thread that runs it, so open and destroy it on the same thread.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"

#include <csignal>
#include <optional>

namespace nearfab {

class SignalWatch {
public:
    [[nodiscard]] static Result<SignalWatch> open();
    ~SignalWatch();
    SignalWatch(SignalWatch&& other) noexcept = default;
    SignalWatch& operator=(SignalWatch&&) = delete;
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    // Readable (POLLIN) when a signal waits. Stays owned by this object.
    [[nodiscard]] int descriptor() const { return file_.number(); }

    // The next waiting signal (SIGTERM, SIGINT or SIGHUP), or nothing. Never waits.
    [[nodiscard]] Result<std::optional<int>> read();

private:
    SignalWatch(FileDescriptor file, const sigset_t& old_mask)
        : file_{std::move(file)}, old_mask_{old_mask} {}

    FileDescriptor file_;  // Not open in a moved-from object, which then restores nothing.
    sigset_t old_mask_;
};

}  // namespace nearfab
