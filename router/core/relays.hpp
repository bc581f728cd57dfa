// SPDX-License-Identifier: GPL-3.0-or-later
// relays.hpp - operators' commands on their way to agents, and who waits for the answers.
//
// Each is a conversation of four words at most (PROTOCOL.md, "The operator who is elsewhere"): is
// somebody there, a pass, the command with the pass, its answer. It is over after `relay_answer`,
// whatever was said until then. Nothing here is durable: a command is for now or for never.
//
// Pure: time comes in, on the boot clock.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/message.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace nearfab::router {

struct Relay {
    FabId fab;
    std::uint64_t session = 0;  // Of who asks,
    std::uint64_t correlation = 0;
    IdentityId who;
    message::RelayCommand command;
    TimePoint until;
    bool sent = false;  // The command itself is on its way: it may have been carried out.
};

class Relays {
public:
    // The number of the conversation; numbers only grow, and so must `until`.
    std::uint64_t open(Relay relay);
    // Null when it is over, or another fab's.
    [[nodiscard]] Relay* find(const FabId& fab, std::uint64_t request);
    void close(std::uint64_t request) { open_.erase(request); }

    [[nodiscard]] std::size_t open_at(const FabId& fab) const;
    [[nodiscard]] std::size_t open_of(const IdentityId& who) const;

    // When the first of them is over, if any is open.
    [[nodiscard]] std::optional<TimePoint> first_end() const;
    // Those whose time has come; they are closed.
    [[nodiscard]] std::vector<Relay> take_due(TimePoint now);
    // Those of a fab that left; they are closed.
    [[nodiscard]] std::vector<Relay> take_of_fab(const FabId& fab);
    // Nobody waits for them any more.
    void forget_session(std::uint64_t session);

private:
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Relay> open_;  // In the order of their ends as well.
};

}  // namespace nearfab::router
