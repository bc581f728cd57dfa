// SPDX-License-Identifier: GPL-3.0-or-later
// event.hpp - everything that can happen to a router.

#pragma once

#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "proto/model/message.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nearfab::router {

// An open session of a designer or an operator, as the shell names it.
using SessionNumber = std::uint64_t;

struct AgentConnected {
    FabId fab;
    std::string run{};  // The random name of this run of the agent; empty: not known.
    std::string key{};  // The public key it proved to hold; empty: not known.
};

struct AgentLost {
    FabId fab;
};

// The agent of this fab said something. Only messages that an agent may send get here.
struct AgentSaid {
    FabId fab;
    Message body;
};

struct ClientSaid {
    SessionNumber session = 0;
    IdentityId who;
    Role role = Role::unknown;
    std::uint64_t correlation = 0;
    Message body;
    // For SubmitJob: designs named by it whose bytes are not (completely) here.
    std::vector<ContentHash> missing_designs;
};

struct ClientLost {
    SessionNumber session = 0;
};

struct AnalysisDone {
    DesignReading design;
    Result<PartFacts> outcome;
    bool broke = false;  // It crashed, hung or ran out of memory; the outcome is an error.
};

// The operator of the network has looked at a fab that was suspected of being two.
struct FabForgiven {
    FabId fab;
};

// The operator of the network says that this fab is gone for good: nobody is to wait for what it
// remembers.
struct FabGone {
    FabId fab;
};

// The disk is nearly full: keep serving what was accepted, take nothing new.
struct StorageLow {
    bool low = false;
};

// Time has passed; see Router::next_deadline.
struct Tick {};

using Event = std::variant<AgentConnected,
                           AgentLost,
                           AgentSaid,
                           ClientSaid,
                           ClientLost,
                           AnalysisDone,
                           FabForgiven,
                           FabGone,
                           StorageLow,
                           Tick>;

}  // namespace nearfab::router
