// SPDX-License-Identifier: GPL-3.0-or-later
// client_socket.hpp - the socket that dials: a DEALER with CURVE over tcp, or plain over ipc.
//
// It connects again by itself, with growing and random pauses. Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/keys.hpp"
#include "wire/socket_settings.hpp"

#include <zmq.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab::wire {

struct ClientSocketOptions {
    std::string endpoint;         // "tcp://host:7440" or "ipc:///path".
    std::string server_key;       // Z85; empty only for ipc.
    std::optional<KeyPair> keys;  // None only for ipc.
    // libzmq waits reconnect_first plus a random part of it, and doubles up to reconnect_last.
    // Ten thousand agents should also wait a random 0..30 s before they dial at all.
    Duration reconnect_first = std::chrono::seconds{1};
    Duration reconnect_last = std::chrono::seconds{60};
};

class ClientSocket {
public:
    // Returns at once; the connection comes later, or never. Errors: invalid_argument.
    [[nodiscard]] static Result<ClientSocket> dial(zmq::context_t& context,
                                                   ClientSocketOptions options);

    // Forgets the connection and begins anew. libzmq stops trying after a refused key or another
    // break of the protocol, so this is called when a greeting stays without an answer.
    // Errors: as dial().
    [[nodiscard]] Status redial();

    // The next message, or nothing when none has come. What is not exactly one frame is dropped.
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> receive();
    // Never waits; would_block also means: not connected.
    [[nodiscard]] SendOutcome send(std::span<const std::uint8_t> bytes);

    // For zmq::poll with ZMQ_POLLIN, and with ZMQ_POLLOUT after would_block.
    [[nodiscard]] void* handle() { return socket_.handle(); }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    ClientSocket(zmq::context_t& context, ClientSocketOptions options, zmq::socket_t socket)
        : context_{&context}, options_{std::move(options)}, socket_{std::move(socket)} {}

    zmq::context_t* context_;
    ClientSocketOptions options_;
    zmq::socket_t socket_;
    std::uint64_t dropped_ = 0;
};

}  // namespace nearfab::wire
