// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/socket_settings.hpp"

#include "proto/model/limits.hpp"

#include <cerrno>
#include <cstdint>
#include <string_view>

namespace nearfab::wire {
namespace {

constexpr std::string_view ipc_scheme = "ipc://";

}  // namespace

void apply_common_settings(zmq::socket_t& socket) {
    // Whoever announces more is disconnected before a byte of it is kept, also before the
    // handshake. Without this a stranger filled 512 MiB of a CURVE server.
    // CURVE adds 33 bytes to a message, and they count.
    constexpr std::size_t frame_bytes_max = limits::message_bytes_max + 64;
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(frame_bytes_max));
    // A TCP peer that never finishes its handshake holds a descriptor for this long at most. Of ten
    // thousand that come at once the last waits its turn for longer than a few seconds, and whoever
    // is cut off meanwhile begins again: with 5 s they never came in.
    socket.set(zmq::sockopt::handshake_ivl, 30'000);
    // A peer behind a dead NAT entry is found by the kernel, within half a minute: idle with the
    // probes, or with words that nobody confirms or takes. Sessions find a peer that lives and says
    // nothing. Not ZMTP's own heartbeats: libzmq looks for each of their timers in a list of all of
    // them, and with thousands of connections that was half of a router's work.
    socket.set(zmq::sockopt::tcp_keepalive, 1);
    socket.set(zmq::sockopt::tcp_keepalive_idle, 10);
    socket.set(zmq::sockopt::tcp_keepalive_intvl, 5);
    socket.set(zmq::sockopt::tcp_keepalive_cnt, 4);
    socket.set(zmq::sockopt::tcp_maxrt, 30'000);
    // Messages, not bytes: 64 MiB per peer at worst. What waits longer waits in a Stream, which
    // counts bytes.
    socket.set(zmq::sockopt::sndhwm, 64);
    socket.set(zmq::sockopt::rcvhwm, 64);
    // A program that ends does not wait for peers; sessions take care of what must arrive.
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::ipv6, true);
}

void apply_keys(zmq::socket_t& socket, const KeyPair& keys) {
    socket.set(zmq::sockopt::curve_publickey, keys.public_key);
    socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
}

bool is_tcp(const std::string& endpoint) {
    return endpoint.rfind("tcp://", 0) == 0;
}
bool is_ipc(const std::string& endpoint) {
    return endpoint.rfind(ipc_scheme, 0) == 0;
}
std::filesystem::path path_of_ipc(const std::string& endpoint) {
    return endpoint.substr(ipc_scheme.size());
}

std::string readable_address(const std::string& address) {
    const std::string mapped = "::ffff:";
    return address.rfind(mapped, 0) == 0 ? address.substr(mapped.size()) : address;
}

tl::unexpected<Error> fail_socket(const std::string& action,
                                  const std::string& endpoint,
                                  const zmq::error_t& error) {
    const std::string message = "cannot " + action + " " + endpoint + ": " + error.what();
    switch (error.num()) {
        case EADDRINUSE:
            return fail(ErrorCode::conflict,
                        message,
                        "stop the program that uses this address, or choose another one");
        case EADDRNOTAVAIL:
        case ENODEV:
            return fail(ErrorCode::invalid_argument,
                        message,
                        "use an address of this machine, or * for all of them");
        case EACCES:
            return fail(ErrorCode::config,
                        message,
                        "choose a port above 1023, or a directory that you may write to");
        default:
            return fail(
                ErrorCode::invalid_argument, message, "write it as tcp://HOST:PORT or ipc:///PATH");
    }
}

}  // namespace nearfab::wire
