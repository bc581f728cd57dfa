// SPDX-License-Identifier: GPL-3.0-or-later
// server_socket.hpp - the socket that is dialled: a ROUTER with CURVE over tcp, or plain over ipc.
//
// Routing ids are made by libzmq. They name a connection and nothing else: who speaks is said by
// the key of each message. Belongs to one thread.

#pragma once

#include "base/result.hpp"
#include "wire/authenticator.hpp"
#include "wire/keys.hpp"
#include "wire/server_sessions.hpp"
#include "wire/socket_settings.hpp"

#include <zmq.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab::wire {

class ServerSocket {
public:
    // `endpoint`: "tcp://*:7440", or "tcp://127.0.0.1:*" for any free port. The authenticator is
    // asked for so that there is no server without one; it must belong to the same context.
    // Errors: conflict (address in use), invalid_argument, unauthorised.
    [[nodiscard]] static Result<ServerSocket> bind_tcp(zmq::context_t& context,
                                                       const std::string& endpoint,
                                                       const KeyPair& keys,
                                                       const Authenticator& authenticator);
    // Only for this user: the socket file gets the mode 0600. A socket that nobody listens on any
    // more is replaced; one that is in use (error conflict) and anything else than a socket (error
    // config) are left alone. Not beside threads that create files: the mode is set by the umask,
    // which the whole process has in common.
    [[nodiscard]] static Result<ServerSocket> bind_ipc(zmq::context_t& context,
                                                       const std::filesystem::path& path);

    struct Received {
        RoutingId routing_id;
        std::optional<std::string> key;  // Z85, proven by the handshake; none over ipc.
        std::string address;             // Of the peer; empty over ipc.
        std::vector<std::uint8_t> bytes;
    };
    // The next message, or nothing when none has come. What is not exactly one frame is dropped.
    [[nodiscard]] std::optional<Received> receive();

    // Never waits.
    [[nodiscard]] SendOutcome send(const RoutingId& routing_id,
                                   std::span<const std::uint8_t> bytes);

    // Where it really listens ("tcp://127.0.0.1:39417").
    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
    // For zmq::poll with ZMQ_POLLIN.
    [[nodiscard]] void* handle() { return socket_.handle(); }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    ServerSocket(zmq::socket_t socket, std::string endpoint)
        : socket_{std::move(socket)}, endpoint_{std::move(endpoint)} {}

    zmq::socket_t socket_;
    std::string endpoint_;
    std::uint64_t dropped_ = 0;
};

}  // namespace nearfab::wire
