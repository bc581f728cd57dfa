// SPDX-License-Identifier: GPL-3.0-or-later
// turn_line.hpp - what follows from the records of each turn, kept back until they are durable.
//
// This is where "nothing is said before it is on the disk" lives: of a turn, all records go into
// one commit, and its words and acknowledgements wait behind that commit, in order. It knows no
// clock, disk or socket; the event loop drives it, and so does the simulation.

#pragma once

#include "base/clock.hpp"
#include "router/core/effect.hpp"
#include "store/commit_line.hpp"
#include "wire/server_sessions.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace nearfab::router {

class TurnLine {
public:
    using Ticket = CommitLine::Ticket;
    // Messages to be acknowledged.
    using Handled = std::vector<std::pair<wire::SessionId, std::uint64_t>>;
    struct Turn {
        Ticket ticket = 0;
        Effects effects;
        Handled handled;
    };
    // Takes the payload of one commit (see frame::put_fact) and says its ticket.
    using Submit =
        std::function<Ticket(const std::vector<std::uint8_t>& payload, std::uint32_t records)>;

    // The turn is over: hands its records in, keeps the rest back. The bytes that were handed in.
    std::size_t add(WallTime wall, Effects effects, Handled handled, const Submit& submit);

    // The next turn of which everything may be carried out, records among it; nothing while the
    // disk is not so far.
    [[nodiscard]] std::optional<Turn> next(Ticket durable);

    [[nodiscard]] std::size_t size() const { return turns_.size(); }

private:
    std::deque<Turn> turns_;
    Ticket last_ = 0;
    std::vector<std::uint8_t> payload_;
};

}  // namespace nearfab::router
