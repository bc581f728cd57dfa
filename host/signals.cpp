// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/signals.hpp"

#include "host/system_failure.hpp"

#include <cerrno>
#include <sys/signalfd.h>

namespace nearfab {

Result<SignalWatch> SignalWatch::open() {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&wanted, signal);
    FileDescriptor file{::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (!file.open()) return fail_system("cannot watch for signals", errno);
    sigset_t old_mask;
    if (const int error = pthread_sigmask(SIG_BLOCK, &wanted, &old_mask); error != 0) {
        return fail_system("cannot block signals", error);
    }
    return SignalWatch{std::move(file), old_mask};
}

SignalWatch::~SignalWatch() {
    if (!file_.open()) return;
    // With a valid mask this cannot fail, and a destructor has nobody to tell.
    static_cast<void>(pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr));
}

Result<std::optional<int>> SignalWatch::read() {
    signalfd_siginfo info{};
    const ssize_t got = ::read(file_.number(), &info, sizeof info);
    if (got == static_cast<ssize_t>(sizeof info)) return static_cast<int>(info.ssi_signo);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
    return fail_system("cannot read the waiting signal", got < 0 ? errno : EIO);
}

}  // namespace nearfab
