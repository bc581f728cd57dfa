// SPDX-License-Identifier: GPL-3.0-or-later
// authenticator.hpp - decides, while a connection is being made, whether its key may come in.
//
// Without one, a CURVE server lets in every client that knows the server's public key. libzmq asks
// it (ZeroMQ RFC 27, ZAP) over inproc://zeromq.zap.01 of the context; it answers 200 with the
// client's public key as User-Id, which libzmq then puts on every message of the connection, or
// 400. It is asked only once per connection: whoever changes the list also drops the live sessions
// of the keys that left it (ServerSessions::revoke), and looks each message's key up again.
//
// It has a thread of its own. All functions may be called from any thread. It must outlive every
// server socket of its context, and the context must outlive it.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"
#include "wire/allow_list.hpp"

#include <zmq.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace nearfab::wire {

// The ZAP domain of all server sockets of nearfab; other domains are refused.
inline constexpr const char* zap_domain = "nearfab";

// A key that was not let in.
struct Refusal {
    std::string key;            // Z85; empty when the peer showed none.
    std::string address;        // Of the peer, as libzmq sees it.
    std::uint64_t refused = 0;  // All refusals so far, also those that were not reported.
};

class Authenticator {
public:
    // Called from the authenticator's thread, at most once a second however many knock.
    using OnRefused = std::function<void(const Refusal&)>;

    // Errors: conflict when the context has one already; internal when libzmq refuses.
    [[nodiscard]] static Result<std::unique_ptr<Authenticator>> start(zmq::context_t& context,
                                                                      AllowList list,
                                                                      OnRefused on_refused);
    ~Authenticator();
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    // From now on this list counts. A reload that failed must keep the old one.
    void replace(AllowList list);
    // The list that counts now; it never changes, a replacement is another one.
    [[nodiscard]] std::shared_ptr<const AllowList> list() const;
    // Whose key this is, now.
    [[nodiscard]] std::optional<Identity> find(std::string_view key) const {
        return list()->find(key);
    }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    struct Request;
    Authenticator(zmq::socket_t socket, FileDescriptor stop, AllowList list, OnRefused on_refused);
    void serve();
    void answer();
    [[nodiscard]] std::optional<std::string> judge(const Request& request);
    void report(const std::string& key, const std::string& address);

    zmq::socket_t socket_;
    FileDescriptor stop_;  // An eventfd; readable when the thread shall end.
    mutable std::mutex mutex_;
    std::shared_ptr<const AllowList> list_;  // Under mutex_.
    OnRefused on_refused_;
    std::atomic<std::uint64_t> refused_{0};
    std::optional<std::chrono::steady_clock::time_point> reported_;  // Of the thread alone.
    std::thread thread_;
};

}  // namespace nearfab::wire
