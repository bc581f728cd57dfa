// SPDX-License-Identifier: GPL-3.0-or-later
// connection.hpp - one conversation with a router or an agent, for programs that ask and wait.
//
// The command line uses this. It says hello, keeps the session alive while it waits, and says hello
// again when the router was restarted; a question that was not answered by then is asked again, so
// questions must be idempotent (all questions of the protocol are: SubmitJob carries its key).
//
// Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "proto/model/message.hpp"
#include "wire/keys.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nearfab::wire {

struct ConnectionOptions {
    std::string endpoint;         // "tcp://host:7440", or "ipc:///path" for an agent's control.
    std::string server_key;       // Public key of the router, Z85. Empty only for ipc.
    std::optional<KeyPair> keys;  // Our own. None only for ipc.
    std::string software;         // "nearfab 0.1.0"
    Duration connect_timeout = std::chrono::seconds{10};
    // Called when the router falls silent and when it is back, so that people can be told.
    std::function<void(bool reachable)> on_reachable;
};

class Connection {
public:
    // Dials and says hello. Errors: unavailable (nobody answers there within connect_timeout; for a
    // local socket at once), unauthorised as soon as it is known (the router does not know our key,
    // or has not the key that we expect), unsupported_version, invalid_argument.
    [[nodiscard]] static Result<Connection> open(ConnectionOptions options);

    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    [[nodiscard]] const message::Welcome& welcome() const;

    // Asks and waits for the answer to this question. A Failure comes back as its Error.
    // Errors: timed_out, and what the other side says.
    [[nodiscard]] Result<Message> ask(const Message& question, Duration timeout);

    // Sends a question without waiting; next() brings its answers. Returns its correlation.
    std::uint64_t send(const Message& question);

    // The next message that came in, or nothing when `timeout` passed. After a reconnect, open
    // questions sent with send() are sent again; a WatchJob is sent again from its last event.
    struct Received {
        std::uint64_t correlation = 0;
        Message body;
    };
    [[nodiscard]] Result<std::optional<Received>> next(Duration timeout);
    // No more answers to this question are wanted.
    void forget(std::uint64_t correlation);

private:
    struct State;
    explicit Connection(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace nearfab::wire
