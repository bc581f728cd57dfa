// SPDX-License-Identifier: GPL-3.0-or-later
// server.hpp - sockets, TLS and HTTP/1.1; the only place that knows Boost.Beast.
//
// One thread runs it all: each connection is a coroutine with limits on its time and its bytes. The
// rest of the gateway sees requests and answers as plain values.

#pragma once

#include "base/result.hpp"
#include "router/gateway/analyses.hpp"
#include "router/gateway/front_desk.hpp"
#include "router/gateway/settings.hpp"

#include <memory>

namespace nearfab::gateway {

class Server {
public:
    // Binds, and reads the certificate. Errors: config names the file or the address.
    [[nodiscard]] static Result<std::unique_ptr<Server>> listen(const Settings& settings);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Runs something on the server's thread; from any thread.
    [[nodiscard]] Post post();
    // Until stop(). `router_speaks` is readable when the desk is to look.
    void run(FrontDesk& desk, int router_speaks);
    // From any thread.
    void stop();
    // For connections from now on. On the server's thread.
    [[nodiscard]] Status reload_certificate();

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace nearfab::gateway
