// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/byte_link.hpp"

#include "node-agent/drivers/serial_speed.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr int pieces_per_turn = 16;
constexpr int connect_limit_ms = 3000;
constexpr long long bits_per_byte = 10;  // With start and stop.
constexpr std::string_view tcp = "tcp://";

tl::unexpected<Error> cannot_open(const std::string& address, int cause) {
    std::string next =
        "check the cable and the address; `ls -l /dev/serial/by-id` lists what is "
        "plugged in";
    if (cause == EACCES) next = "add the agent's user to the group that owns it, usually dialout";
    if (cause == EBUSY || cause == EWOULDBLOCK) {
        next = "close the other program that has it open (a sender, OctoPrint, ModemManager)";
    }
    return fail(
        ErrorCode::unavailable, address + " cannot be opened: " + std::strerror(cause), next);
}

Result<FileDescriptor> open_serial(const ByteLinkOptions& options) {
    FileDescriptor port{
        ::open(options.address.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    if (!port.open()) return cannot_open(options.address, errno);
    if (::flock(port.number(), LOCK_EX | LOCK_NB) != 0) return cannot_open(options.address, errno);
    (void)::ioctl(port.number(), TIOCEXCL);
    termios settings{};
    if (::tcgetattr(port.number(), &settings) != 0) return cannot_open(options.address, errno);
    ::cfmakeraw(&settings);
    settings.c_cflag &= ~static_cast<tcflag_t>(HUPCL | CRTSCTS | CSTOPB | PARENB);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_iflag &= ~static_cast<tcflag_t>(IXON | IXOFF | IXANY);
    if (::tcsetattr(port.number(), TCSANOW, &settings) != 0) {
        return cannot_open(options.address, errno);
    }
    if (!set_serial_speed(port.number(), options.baud)) {
        return fail(ErrorCode::unavailable,
                    options.address + " cannot be set to " + std::to_string(options.baud) +
                        " baud: " + std::strerror(errno),
                    "write the baud rate that the firmware was built with, usually 115200");
    }
    return port;
}

struct AddressFree {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Status finish_connecting(const FileDescriptor& socket, const std::string& address) {
    pollfd waiting{socket.number(), POLLOUT, 0};
    if (::poll(&waiting, 1, connect_limit_ms) <= 0) return cannot_open(address, ETIMEDOUT);
    int cause = 0;
    socklen_t length = sizeof cause;
    ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &cause, &length);
    if (cause != 0) return cannot_open(address, cause);
    return {};
}

Result<FileDescriptor> open_tcp(const ByteLinkOptions& options) {
    const std::string place = options.address.substr(tcp.size());
    const std::size_t colon = place.rfind(':');
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int problem = ::getaddrinfo(
        place.substr(0, colon).c_str(), place.substr(colon + 1).c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, AddressFree> list{found};
    if (problem != 0 || found == nullptr) return cannot_open(options.address, EHOSTUNREACH);
    FileDescriptor socket{
        ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.open()) return cannot_open(options.address, errno);
    const int yes = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(socket.number(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    // A board that was switched off says nothing; the kernel would go on trying for a quarter hour.
    const unsigned unacknowledged_ms = 10'000;
    ::setsockopt(socket.number(),
                 IPPROTO_TCP,
                 TCP_USER_TIMEOUT,
                 &unacknowledged_ms,
                 sizeof unacknowledged_ms);
    if (::connect(socket.number(), found->ai_addr, found->ai_addrlen) != 0) {
        if (errno != EINPROGRESS) return cannot_open(options.address, errno);
        if (Status done = finish_connecting(socket, options.address); !done) {
            return fail(done.error());
        }
    }
    return socket;
}

}  // namespace

bool is_link_address(const std::string& address) {
    if (address.starts_with("/")) return true;
    return address.starts_with(tcp) && address.rfind(':') > tcp.size() && address.back() != ':';
}

Result<ByteLink> ByteLink::open(const ByteLinkOptions& options) {
    if (!is_link_address(options.address)) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + options.address + "\" is no serial port and no tcp address",
                    "write /dev/serial/by-id/NAME or tcp://HOST:PORT");
    }
    const bool serial = options.address.front() == '/';
    auto descriptor = serial ? open_serial(options) : open_tcp(options);
    if (!descriptor) return fail(descriptor.error());
    return ByteLink{std::move(*descriptor), serial ? options.baud : 0};
}

Status ByteLink::read(std::string& to) {
    std::array<char, 4096> bytes{};
    // Who sends without end keeps nobody from asking and telling: the rest comes in the next turn.
    for (int pieces = 0; pieces < pieces_per_turn; ++pieces) {
        const auto n = ::read(descriptor_.number(), bytes.data(), bytes.size());
        if (n > 0) {
            to.append(bytes.data(), static_cast<std::size_t>(n));
            if (static_cast<std::size_t>(n) < bytes.size()) return {};
            continue;
        }
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
        const std::string why = n == 0 ? "it was closed" : std::strerror(errno);
        return fail(ErrorCode::unavailable, "the link to the machine is gone: " + why);
    }
    return {};
}

Result<std::size_t> ByteLink::write(const char* bytes, std::size_t count) {
    const auto n = baud_ > 0 ? ::write(descriptor_.number(), bytes, count)
                             : ::send(descriptor_.number(), bytes, count, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
    if (n < 0) {
        return fail(ErrorCode::unavailable,
                    std::string{"the link to the machine is gone: "} + std::strerror(errno));
    }
    if (baud_ > 0) {
        const auto now = std::chrono::steady_clock::now();
        const std::chrono::nanoseconds takes{n * bits_per_byte * 1'000'000'000LL / baud_};
        line_free_at_ = std::max(line_free_at_, now) + takes;
    }
    return static_cast<std::size_t>(n);
}

std::size_t ByteLink::unsent() const {
    const auto now = std::chrono::steady_clock::now();
    if (baud_ == 0 || line_free_at_ <= now) return 0;
    const auto left = std::chrono::nanoseconds{line_free_at_ - now}.count();
    return static_cast<std::size_t>(left * baud_ / (bits_per_byte * 1'000'000'000LL)) + 1;
}

}  // namespace nearfab::agent
