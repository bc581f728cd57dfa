// SPDX-License-Identifier: GPL-3.0-or-later
// fake_router.hpp - a router of a few lines, with the real wire, for tests of the command line.
//
// It lets in one key as the client "anna" and answers each message with what the test's function
// gives. Designs are taken and kept in memory. Lives on a thread of its own.

#pragma once

#include "proto/model/message.hpp"
#include "wire/authenticator.hpp"
#include "wire/keys.hpp"
#include "wire/server_sessions.hpp"
#include "wire/server_socket.hpp"

#include <zmq.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nearfab::cli::test {

class FakeRouter {
public:
    // Called on the router's thread; nothing: no answer.
    using Answers = std::function<std::vector<Message>(const Message& question)>;

    FakeRouter(const std::string& client_key, Answers answers);
    ~FakeRouter();
    FakeRouter(const FakeRouter&) = delete;
    FakeRouter& operator=(const FakeRouter&) = delete;

    [[nodiscard]] const std::string& endpoint() const { return socket_->endpoint(); }
    [[nodiscard]] const std::string& public_key() const { return keys_.public_key; }
    // Everything asked so far that was not about designs.
    [[nodiscard]] std::vector<Message> asked() const;
    [[nodiscard]] std::vector<std::uint8_t> design(const ContentHash& hash) const;
    // An upload that another run of the program began.
    void has_already(const ContentHash& design, std::vector<std::uint8_t> bytes);
    [[nodiscard]] std::uint32_t chunks() const { return chunks_; }

private:
    void serve();
    void take(const wire::session_event::Delivered& delivered);
    [[nodiscard]] std::optional<Message> take_design(const Message& question);

    wire::KeyPair keys_;
    zmq::context_t context_;
    std::unique_ptr<wire::Authenticator> authenticator_;
    std::optional<wire::ServerSocket> socket_;
    wire::ServerSessions sessions_;
    Answers answers_;
    mutable std::mutex mutex_;  // Guards the three below.
    std::vector<Message> asked_;
    std::map<ContentHash, std::vector<std::uint8_t>> designs_;
    std::map<ContentHash, std::uint64_t> sizes_;
    std::atomic<std::uint32_t> chunks_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace nearfab::cli::test
