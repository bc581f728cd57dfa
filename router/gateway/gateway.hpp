// SPDX-License-Identifier: GPL-3.0-or-later
// gateway.hpp - the HTTP API and the web page, on a thread of their own beside the router's loop.

#pragma once

#include "base/result.hpp"
#include "router/gateway/front_desk.hpp"
#include "router/gateway/server.hpp"
#include "router/gateway/settings.hpp"

#include <memory>
#include <thread>

namespace nearfab::gateway {

class Gateway {
public:
    // Errors: config (the list of tokens, the certificate, the address).
    [[nodiscard]] static Result<std::unique_ptr<Gateway>> start(const Settings& settings,
                                                                FrontDesk::Parts parts);
    // Whoever is connected is cut off; what they asked of the router goes on.
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    // Reads the list of tokens and the certificate again; what is wrong is logged, and the old ones
    // stay. From any thread.
    void reload();

private:
    Gateway(const Settings& settings, std::unique_ptr<Server> server)
        : settings_{settings}, server_{std::move(server)} {}

    Settings settings_;
    std::unique_ptr<Server> server_;  // Longer than the desk, whose worker speaks through it.
    std::unique_ptr<FrontDesk> desk_;
    std::thread thread_;
};

}  // namespace nearfab::gateway
