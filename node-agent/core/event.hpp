// SPDX-License-Identifier: GPL-3.0-or-later
// event.hpp - everything that can happen to an agent.
//
// Messages of the router come in as they are; the rest is what the shell's workers and operators
// report. Whatever a worker was asked for by an effect comes back as exactly one event.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "node-agent/core/attempt.hpp"
#include "node-agent/core/machine_reading.hpp"
#include "node-agent/core/start_gate.hpp"
#include "proto/model/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nearfab::agent {

namespace event {

struct SessionOpened {
    std::string router;  // Its name, for people.
};
struct SessionLost {};

struct Acknowledged {  // The router holds durably what was sent with this token.
    std::uint64_t token = 0;
};

struct DesignFetched {  // The bytes are here and have this hash.
    ContentHash design;
};
struct DesignFetchFailed {  // For good: a lost connection is not reported, it is resumed.
    ContentHash design;
    std::string reason;
};

struct Prepared {
    AttemptKey key;
    ContentHash machine_code;
    std::int64_t seconds = 0;
    double grams = 0;
};
struct PrepareFailed {
    AttemptKey key;
    std::string reason;
};

struct PlatePrepared {
    std::vector<AttemptKey> keys;
    ContentHash machine_code;
    std::int64_t seconds = 0;
    double grams = 0;  // All of them together.
};
struct PlateFailed {  // Fewer may fit.
    std::vector<AttemptKey> keys;
    std::string reason;
};

struct UploadedToMachine {
    AttemptKey key;
};
struct UploadFailed {
    AttemptKey key;
    std::string reason;
    bool may_retry = false;  // The machine did not answer; it may later.
};

struct MachineRead {
    MachineId machine;
    MachineReading reading;
};

struct StartGateAnswered {
    AttemptKey key;
    StartOutcome outcome;
};

struct CancelAnswered {
    AttemptKey key;
    bool ok = false;
    std::string reason;  // Why the machine did not take it.
};

struct PauseAnswered {  // To PauseRun, whichever way.
    AttemptKey key;
    std::optional<Error> error;  // timed_out: told, but not seen to obey. All others: not done.
};

// "I stand at the machine" is for now. What lay in the socket while the computer slept is not.
inline constexpr Duration command_age_max = std::chrono::seconds{5};

struct OperatorAsked {
    std::uint64_t reply_id = 0;  // Repeated in AnswerOperator.
    message::OperatorCommand command;
    // It was said after this moment, nobody knows how long; none: just now. What may be older than
    // command_age_max is refused.
    std::optional<TimePoint> said_after = std::nullopt;
};

struct Tick {};

}  // namespace event

using Event = std::variant<event::SessionOpened,
                           event::SessionLost,
                           event::Acknowledged,
                           message::Offer,
                           message::ConfirmReservation,
                           message::WithdrawWork,
                           message::StartRight,
                           message::StartRefused,
                           message::StopWork,
                           message::AskInventory,
                           message::RelayedCommand,
                           event::DesignFetched,
                           event::DesignFetchFailed,
                           event::Prepared,
                           event::PrepareFailed,
                           event::PlatePrepared,
                           event::PlateFailed,
                           event::UploadedToMachine,
                           event::UploadFailed,
                           event::MachineRead,
                           event::StartGateAnswered,
                           event::CancelAnswered,
                           event::PauseAnswered,
                           event::OperatorAsked,
                           event::Tick>;

}  // namespace nearfab::agent
