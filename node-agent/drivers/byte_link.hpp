// SPDX-License-Identifier: GPL-3.0-or-later
// byte_link.hpp - bytes to and from a controller: a serial line, a pseudo-terminal or TCP.
//
// A serial line is opened raw and for us alone; a second program on it would send lines of its own
// between ours. Hang-up on close is switched off, so that closing does not reset the board the next
// time; that opening resets many boards cannot be helped.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace nearfab::agent {

struct ByteLinkOptions {
    std::string address;  // "/dev/serial/by-id/usb-...", "tcp://HOST:PORT"
    int baud = 115'200;   // 9600 to 1,000,000; not for TCP.
};

class ByteLink {
public:
    // Errors: unavailable (no such device, refused, in use) with what to do; invalid_argument.
    [[nodiscard]] static Result<ByteLink> open(const ByteLinkOptions& options);

    // Appends what is there now, without waiting. Error unavailable: the link is gone.
    [[nodiscard]] Status read(std::string& to);
    // Writes as much as is taken now; the number of bytes.
    [[nodiscard]] Result<std::size_t> write(const char* bytes, std::size_t count);
    // Bytes written that are not on the line yet, reckoned by its speed: the kernel does not know
    // of those in a USB adapter. 0 for TCP.
    [[nodiscard]] std::size_t unsent() const;

    [[nodiscard]] int descriptor() const { return descriptor_.number(); }

private:
    ByteLink(FileDescriptor descriptor, int baud)
        : descriptor_{std::move(descriptor)}, baud_{baud} {}
    FileDescriptor descriptor_;
    int baud_ = 0;  // 0: TCP.
    std::chrono::steady_clock::time_point line_free_at_;
};

[[nodiscard]] bool is_link_address(const std::string& address);

}  // namespace nearfab::agent
