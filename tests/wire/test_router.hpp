// SPDX-License-Identifier: GPL-3.0-or-later
// test_router.hpp - a router that answers a few questions, in a thread, over real sockets.
//
// AskJobs: Jobs. AskWhy: Failure not_found. AskFabs: nothing, until answer_fabs(). WatchJob: one
// event after the other of a job that ends with event 4. All else is only counted.

#pragma once

#include "wire/allow_list.hpp"
#include "wire/authenticator.hpp"
#include "wire/keys.hpp"
#include "wire/server_sessions.hpp"
#include "wire/server_socket.hpp"

#include <zmq.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nearfab::wire::test {

inline constexpr std::chrono::seconds patience{20};  // Far more than a test that passes needs.

// Asks again and again until it is so; false when patience ends.
[[nodiscard]] bool eventually(const std::function<bool()>& is_so);

// "client anna KEY\n" and so on.
[[nodiscard]] AllowList allow(const std::string& lines);

struct TestRouterOptions {
    KeyPair keys = generate_key_pair();
    AllowList list;
    std::string endpoint = "tcp://127.0.0.1:*";
    Duration silence = silence_max;
    Duration keepalive = keepalive_interval;
    bool answers_fabs = true;
    std::uint64_t watch_events = 1;  // How many events a WatchJob gets from this router.
};

class TestRouter {
public:
    explicit TestRouter(TestRouterOptions options);
    ~TestRouter();
    TestRouter(const TestRouter&) = delete;
    TestRouter& operator=(const TestRouter&) = delete;

    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
    [[nodiscard]] const std::string& public_key() const { return options_.keys.public_key; }
    [[nodiscard]] Authenticator& authenticator() { return *authenticator_; }
    // Takes keys off the list and drops their sessions.
    void replace(AllowList list);

    // Names of the messages that were delivered, with who said them: "anna AskJobs".
    [[nodiscard]] std::vector<std::string> heard() const;
    [[nodiscard]] std::size_t opened() const;
    [[nodiscard]] std::size_t closed() const;
    // Messages that came over the socket at all.
    [[nodiscard]] std::size_t messages() const { return messages_; }

private:
    void run();
    void handle(ServerSessions& sessions, TimePoint now, const SessionEvent& event);
    void answer(ServerSessions& sessions, TimePoint now, const session_event::Delivered& question);

    TestRouterOptions options_;
    zmq::context_t context_;
    std::unique_ptr<Authenticator> authenticator_;
    std::optional<ServerSocket> socket_;
    std::string endpoint_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> revoke_{false};
    std::atomic<std::size_t> messages_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> heard_;  // These three under mutex_.
    std::size_t opened_ = 0;
    std::size_t closed_ = 0;
    std::thread thread_;
};

}  // namespace nearfab::wire::test
