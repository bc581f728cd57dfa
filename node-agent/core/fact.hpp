// SPDX-License-Identifier: GPL-3.0-or-later
// fact.hpp - what the agent must never forget.
//
// A fact is written to the journal before anything that follows from it leaves the program. An
// agent's durable state is exactly the sequence of its facts: replaying them gives it back. Times
// are milliseconds of the boot clock and mean nothing in another boot, so they carry its name.

#pragma once

#include "base/alternative.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "node-agent/core/attempt.hpp"
#include "node-agent/core/machine_reading.hpp"
#include "proto/model/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nearfab::agent {

namespace fact {

// ---- Of an attempt -----------------------------------------------------------------------------

struct Seen {  // An offer was received and found possible.
    message::Offer offer;
    std::string boot_id;
    std::int64_t expires_boot_ms = 0;
    friend bool operator==(const Seen&, const Seen&) = default;
};

struct EpochSeen {  // Named by a message that left no other trace.
    AttemptKey key;
    friend bool operator==(const EpochSeen&, const EpochSeen&) = default;
};

struct Declined {
    AttemptKey key;
    std::string reason;
    friend bool operator==(const Declined&, const Declined&) = default;
};

struct Reserved {
    AttemptKey key;
    friend bool operator==(const Reserved&, const Reserved&) = default;
};

struct Confirmed {  // The router counts on us.
    AttemptKey key;
    friend bool operator==(const Confirmed&, const Confirmed&) = default;
};

struct Prepared {  // Machine code exists for it.
    AttemptKey key;
    std::string machine_file;  // Its name on the machine.
    ContentHash machine_code;
    std::int64_t seconds = 0;
    double grams = 0;
    friend bool operator==(const Prepared&, const Prepared&) = default;
};

struct Authorised {
    AttemptKey key;
    std::string boot_id;
    std::int64_t expires_boot_ms = 0;
    friend bool operator==(const Authorised&, const Authorised&) = default;
};

struct Starting {  // Written before the machine hears anything.
    AttemptKey key;
    std::optional<RunHistory> before = std::nullopt;  // What the machine had run until then.
    friend bool operator==(const Starting&, const Starting&) = default;
};

struct Running {
    AttemptKey key;
    friend bool operator==(const Running&, const Running&) = default;
};

struct Doubted {
    AttemptKey key;
    std::string detail;
    bool fault = false;  // The machine reported one, and nothing of our run.
    friend bool operator==(const Doubted&, const Doubted&) = default;
};

struct Burnt {  // The right ended unused; this epoch can never start again.
    AttemptKey key;
    std::string reason;
    friend bool operator==(const Burnt&, const Burnt&) = default;
};

struct Ended {
    AttemptKey key;
    bool produced = false;
    std::string detail;
    bool unsafe = false;  // The machine is closed until a person has looked at it.
    friend bool operator==(const Ended&, const Ended&) = default;
};

struct Released {
    AttemptKey key;
    std::string reason;
    bool router_knows = false;  // The router itself took it back: no report needed.
    friend bool operator==(const Released&, const Released&) = default;
};

struct Inspected {
    AttemptKey key;
    bool good = false;
    std::string detail;
    friend bool operator==(const Inspected&, const Inspected&) = default;
};

struct HandedOver {
    AttemptKey key;
    friend bool operator==(const HandedOver&, const HandedOver&) = default;
};

struct Unwanted {  // Nobody needs it any more, but the machine may be making it.
    AttemptKey key;
    std::string reason;
    bool stop = false;  // True: stop the machine. False: the operator decides.
    friend bool operator==(const Unwanted&, const Unwanted&) = default;
};

struct Reported {  // The router holds this state durably.
    AttemptKey key;
    message::AttemptState state = message::AttemptState::unknown;
    friend bool operator==(const Reported&, const Reported&) = default;
};

struct Paused {  // A person wants the machine to hold it.
    AttemptKey key;
    friend bool operator==(const Paused&, const Paused&) = default;
};

struct WentOn {  // It is no longer held by our word.
    AttemptKey key;
    friend bool operator==(const WentOn&, const WentOn&) = default;
};

struct Plated {  // It shares its run with others, and leads.
    AttemptKey key;
    std::vector<AttemptKey> riders;
    std::string machine_file;
    ContentHash machine_code;  // Of all of them.
    std::int64_t seconds = 0;
    double grams = 0;  // Of all of them.
    friend bool operator==(const Plated&, const Plated&) = default;
};

struct Unplated {  // Each that led or rode with it is made alone again, or on another plate.
    AttemptKey key;
    std::string reason;
    friend bool operator==(const Unplated&, const Unplated&) = default;
};

// ---- Of a machine ------------------------------------------------------------------------------

struct BedUsed {  // The fab itself made something on it.
    MachineId machine;
    std::string file;
    std::optional<RunHistory> history = std::nullopt;  // Up to this run.
    friend bool operator==(const BedUsed&, const BedUsed&) = default;
};

struct BedCleared {
    MachineId machine;
    std::optional<RunHistory> history = std::nullopt;  // A later run uses the bed again.
    friend bool operator==(const BedCleared&, const BedCleared&) = default;
};

struct Drained {
    MachineId machine;
    friend bool operator==(const Drained&, const Drained&) = default;
};

struct Resumed {  // Takes work again; a person has looked at it.
    MachineId machine;
    friend bool operator==(const Resumed&, const Resumed&) = default;
};

struct Closed {  // Something may be wrong with it; its bed counts as unknown.
    MachineId machine;
    std::string reason;
    friend bool operator==(const Closed&, const Closed&) = default;
};

struct UsedByRun {
    AttemptKey key;
    double grams = 0;
    friend bool operator==(const UsedByRun&, const UsedByRun&) = default;
};

struct Loaded {  // So much of a material is there.
    MachineId machine;
    MaterialId material;
    double grams = 0;
    bool configured = false;  // By what the configuration says, and not by a person.
    // What runs under way have used of it until then: it has left the spool already.
    std::vector<UsedByRun> runs = {};
    friend bool operator==(const Loaded&, const Loaded&) = default;
};

// ---- Of a person -------------------------------------------------------------------------------

struct Obeyed {  // A command that came by way of the router.
    IdentityId operator_name;
    std::string said_as;               // Its idempotency key.
    message::OperatorCommand command;  // Without a machine's presence code.
    std::string answer;
    friend bool operator==(const Obeyed&, const Obeyed&) = default;
};

}  // namespace fact

// The order is part of the journal's format: add at the end only.
using FactKinds = std::variant<fact::Seen,
                               fact::EpochSeen,
                               fact::Declined,
                               fact::Reserved,
                               fact::Confirmed,
                               fact::Prepared,
                               fact::Authorised,
                               fact::Starting,
                               fact::Running,
                               fact::Doubted,
                               fact::Burnt,
                               fact::Ended,
                               fact::Released,
                               fact::Inspected,
                               fact::HandedOver,
                               fact::Unwanted,
                               fact::Reported,
                               fact::BedUsed,
                               fact::BedCleared,
                               fact::Drained,
                               fact::Resumed,
                               fact::Closed,
                               fact::Obeyed,
                               fact::Paused,
                               fact::WentOn,
                               fact::Plated,
                               fact::Unplated,
                               fact::Loaded>;

// Not only a name for the variant: what copies, moves and compares all kinds is compiled once, in
// fact.cpp, and not wherever one is used.
struct Fact : FactKinds {
    Fact();
    template <AlternativeOf<FactKinds> Kind>
    Fact(Kind&& kind)
        : FactKinds(std::in_place_type<std::remove_cvref_t<Kind>>, std::forward<Kind>(kind)) {}
    Fact(const Fact& other);
    Fact(Fact&& other) noexcept;
    Fact& operator=(const Fact& other);
    Fact& operator=(Fact&& other) noexcept;
    ~Fact();
    friend bool operator==(const Fact& one, const Fact& other);
};

}  // namespace nearfab::agent
