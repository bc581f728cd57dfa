// SPDX-License-Identifier: GPL-3.0-or-later
// client_socket.hpp - the socket that dials: a DEALER with CURVE over tcp, or plain over ipc.
//
// It connects again by itself, with growing and random pauses, and knows why it is not connected.
// Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/dial_reports.hpp"
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
    // libzmq gives up for ever once a key was refused. Whoever keeps the list may have added it
    // since, so it is tried again after this long and a random part of half of it.
    Duration refused_pause = std::chrono::seconds{30};
};

class ClientSocket {
public:
    // Returns at once; the connection comes later, or never. Errors: invalid_argument.
    [[nodiscard]] static Result<ClientSocket> dial(zmq::context_t& context,
                                                   ClientSocketOptions options);

    // Forgets the connection and begins anew, for when a greeting stays without an answer.
    // Errors: as dial().
    [[nodiscard]] Status redial();

    // To be called in every turn of the owner's loop (exchange.hpp does): dials anew when that is
    // due after a refusal. What makes waiting useless is returned, as long as it lasts: the router
    // does not know our key, has another key than we expect, or is no router at all.
    [[nodiscard]] std::optional<Error> attend(TimePoint now);
    // Why there is no connection, as far as it is known.
    [[nodiscard]] DialTrouble trouble();
    [[nodiscard]] Error explain(DialTrouble trouble) const;

    // The next message, or nothing when none has come. What is not exactly one frame is dropped.
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> receive();
    // Never waits; would_block also means: not connected.
    [[nodiscard]] SendOutcome send(std::span<const std::uint8_t> bytes);

    // For zmq::poll with ZMQ_POLLIN, and with ZMQ_POLLOUT after would_block.
    [[nodiscard]] void* handle() { return line_.socket.handle(); }
    // For zmq::poll with ZMQ_POLLIN, by those who want to know trouble() as soon as it is there.
    [[nodiscard]] void* reports_handle() { return line_.monitor.handle(); }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    struct Line {
        zmq::socket_t socket;
        zmq::socket_t monitor;  // libzmq's reports about `socket`.
    };
    ClientSocket(zmq::context_t& context, ClientSocketOptions options, Line line)
        : context_{&context}, options_{std::move(options)}, line_{std::move(line)} {}
    [[nodiscard]] static Line make_line(zmq::context_t& context,
                                        const ClientSocketOptions& options);
    void read_reports();

    zmq::context_t* context_;
    ClientSocketOptions options_;
    Line line_;
    DialReports reports_;
    std::optional<TimePoint> dial_again_at_;  // After a refusal.
    std::uint64_t dropped_ = 0;
};

}  // namespace nearfab::wire
