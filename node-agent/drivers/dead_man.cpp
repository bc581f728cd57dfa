// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/dead_man.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr int silence_ms = 2000;
constexpr char running = 'r';
constexpr char resting = 'i';

void close_all_but(int a, int b) {
    const auto low = static_cast<unsigned>(std::min(a, b));
    const auto high = static_cast<unsigned>(std::max(a, b));
    if (low > 0) ::syscall(SYS_close_range, 0U, low - 1, 0U);
    if (high > low + 1) ::syscall(SYS_close_range, low + 1, high - 1, 0U);
    ::syscall(SYS_close_range, high + 1, ~0U, 0U);
}

// In the child: only what is allowed after a fork of a process with threads.
[[noreturn]] void stand_by(int pipe, int link, const std::string& words, int pause_ms) {
    close_all_but(pipe, link);
    ::setsid();
    // A service manager that ends the agent signals us too; the pipe says what has happened.
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE})
        ::signal(signal, SIG_IGN);
    bool runs = false;
    for (;;) {
        pollfd waiting{pipe, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, runs ? silence_ms : -1);
        if (ready < 0 && errno == EINTR) continue;
        std::array<char, 64> heard{};
        const auto n = ready > 0 ? ::read(pipe, heard.data(), heard.size()) : 0;
        if (n > 0) {
            runs = heard[static_cast<std::size_t>(n) - 1] == running;
            continue;
        }
        if (!runs) ::_exit(0);
        for (const char& byte : words) {
            (void)!::write(link, &byte, 1);
            ::poll(nullptr, 0, pause_ms);
        }
        if (ready > 0) ::_exit(0);
        runs = false;  // It was asleep and may come back.
    }
}

}  // namespace

Result<DeadMan> DeadMan::watch(int link, const std::string& last_words, Duration pause) {
    // No pipe: writing to one whose reader is gone ends a program by SIGPIPE.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail(ErrorCode::internal, std::string{"no socket: "} + std::strerror(errno));
    }
    FileDescriptor reading{ends[0]};
    FileDescriptor writing{ends[1]};
    const pid_t process = ::fork();
    if (process < 0) {
        return fail(ErrorCode::internal, std::string{"no process: "} + std::strerror(errno));
    }
    if (process == 0) {
        // Else the parent's death would not end the connection.
        ::close(writing.number());
        stand_by(reading.number(), link, last_words, static_cast<int>(pause.count()));
    }
    return DeadMan{std::move(writing), process};
}

DeadMan::DeadMan(DeadMan&& other) noexcept
    : line_{std::move(other.line_)}, process_{std::exchange(other.process_, -1)} {}

DeadMan& DeadMan::operator=(DeadMan&& other) noexcept {
    if (this == &other) return *this;
    std::swap(line_, other.line_);
    std::swap(process_, other.process_);
    return *this;
}

DeadMan::~DeadMan() {
    if (process_ < 0) return;
    (void)hear(false);
    leave_it_to_it();
}

bool DeadMan::hear(bool runs) {
    const char word = runs ? running : resting;
    const auto n = ::send(line_.number(), &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    // Full: it is alive and behind, and what it last heard stands.
    return n == 1 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

void DeadMan::leave_it_to_it() {
    line_.reset();
    while (process_ >= 0 && ::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
}

}  // namespace nearfab::agent
