// SPDX-License-Identifier: GPL-3.0-or-later
// options.hpp - what the operator decided about this fab.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/capability.hpp"
#include "proto/model/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nearfab::agent {

enum class Acceptance : std::uint8_t { automatic, manual };

struct MachineOptions {
    Capability capability;  // State and backlog are ignored; stock counts once, when it is new.
    Acceptance acceptance = Acceptance::manual;
    // What stands on a card at the machine and nowhere else, so that who says it is there; empty:
    // the word of whoever may give commands is enough.
    std::string presence_code = {};
    // So many pieces of one material may share a run, where they fit side by side. One that comes
    // loose may take the others with it.
    std::uint32_t pieces_per_plate = 1;
};

struct Intervals {
    Duration advert = std::chrono::seconds{30};  // Plus or minus a fifth.
    Duration inventory = std::chrono::seconds{30};
    Duration progress = std::chrono::seconds{30};
    Duration presence_validity = std::chrono::minutes{5};
    Duration start_answer = std::chrono::seconds{10};   // Then ask again with a new nonce.
    Duration start_retry = std::chrono::seconds{10};    // After a refusal.
    Duration confirm_wait = std::chrono::seconds{150};  // An unconfirmed reservation ends then.
    // A machine that was told to start may need a moment before it says so. Only after this does
    // its silence about our file prove anything.
    Duration evidence_grace = std::chrono::seconds{10};
    Duration upload_retry = std::chrono::seconds{15};
    Duration offline_release = std::chrono::minutes{10};  // Silent machines give work back.
    Duration cancel_retry = std::chrono::seconds{10};     // Doubled with each try, up to:
    Duration cancel_retry_max = std::chrono::minutes{2};
};

struct AgentOptions {
    std::string title;
    std::string owner{};  // Whose the fab is, for reports; empty: nothing is said.
    Place place;
    FabTerms terms;
    std::vector<MachineOptions> machines;
    // Whose commands are heard when they come by way of the router, by the names that it gives
    // them. DEFAULT: nobody's.
    std::vector<IdentityId> through_router = {};
    std::vector<ProcessId> preparable;  // Processes that `prepare` can make machine code for.
    Intervals intervals;
    std::size_t work_orders_max = 200;  // Held at once.
    std::size_t settled_kept = 200;     // Finished attempts kept for people to look at.
    std::string boot_id;                // Of the computer: says whether kept TimePoints hold.
    std::uint64_t nonce_seed = 1;       // Different in every run of the program.
    // The encoded size of an answer; none: only the number of its rows counts.
    std::function<std::size_t(const Message&)> encoded_size{};
};

}  // namespace nearfab::agent
