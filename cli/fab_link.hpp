// SPDX-License-Identifier: GPL-3.0-or-later
// fab_link.hpp - a conversation with the agent of a fab: on this machine, or by way of the router.

#pragma once

#include "base/result.hpp"
#include "cli/desk.hpp"
#include "proto/model/message.hpp"
#include "wire/connection.hpp"

#include <optional>
#include <string>
#include <utility>

namespace nearfab::cli {

class FabLink {
public:
    // `fab`: what the router calls it, for a fab elsewhere; none: the agent of the settings, over
    // its own socket. Errors: those of open_agent and open_router, invalid_argument when that
    // cannot be the name of a fab.
    [[nodiscard]] static Result<FabLink> open(const Desk& desk,
                                              const std::optional<std::string>& fab);

    // Errors: what the agent says, and for a fab elsewhere also what the router says: unavailable
    // (it is not connected), timed_out (no answer, and whether it was done may not be known).
    [[nodiscard]] Result<message::OperatorAnswer> tell(const message::OperatorCommand& order);
    [[nodiscard]] Result<message::AgentStatus> status();

    [[nodiscard]] wire::Connection& connection() { return connection_; }

private:
    FabLink(wire::Connection connection, FabId fab)
        : connection_{std::move(connection)}, fab_{std::move(fab)} {}

    wire::Connection connection_;
    FabId fab_;  // Empty: here.
};

}  // namespace nearfab::cli
