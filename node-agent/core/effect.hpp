// SPDX-License-Identifier: GPL-3.0-or-later
// effect.hpp - everything an agent may ask of its shell.
//
// The contract: all Record effects of a step come first, and must be safe on the disk before any
// other effect of that step is carried out. If the journal cannot take them, the program stops.

#pragma once

#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "node-agent/core/attempt.hpp"
#include "node-agent/core/fact.hpp"
#include "node-agent/core/start_gate.hpp"
#include "proto/model/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nearfab::agent {

namespace effect {

struct Record {
    Fact fact;
};

struct SendToRouter {
    Message message;
    bool reliable = false;    // Otherwise it may be lost: Progress and StartRequest.
    std::uint64_t token = 0;  // Comes back in Acknowledged; 0: nobody waits for it.
};

struct FetchDesign {
    ContentHash design;
    std::uint64_t size = 0;
};

struct Prepare {  // Turn the design into what the machine runs.
    AttemptKey key;
    MachineId machine;
    DesignReading design;
    std::array<double, 3> size_mm{};  // As analysed; what is made must have it.
    MaterialId material;
    Placement placement;
    std::optional<double> sheet_thickness_mm;  // Of the material to cut a drawing from.
};

// Turn several designs into what the machine runs once. Answered by one of two events, with the
// same keys in the same order.
struct PreparePlate {
    std::vector<Prepare> pieces;  // The leader first; of one machine, material and sheet.
};

struct UploadToMachine {
    AttemptKey key;
    MachineId machine;
    std::string machine_file;
    ContentHash machine_code;
};

struct OpenStartGate {
    StartOrder order;
};

struct RevokeStart {  // Of a gate that has not answered yet: it must not start the machine.
    AttemptKey key;
    MachineId machine;
    std::string reason;
};

struct CancelRun {
    AttemptKey key;
    MachineId machine;
    std::string machine_file;  // Nothing else may be stopped.
};

struct PauseRun {
    AttemptKey key;
    MachineId machine;
    std::string machine_file;  // Nothing else may be held or let go on.
    bool go_on = false;        // Otherwise: hold it.
    // Not any more after this; on the boot clock. Nothing: whenever the machine hears it.
    std::optional<TimePoint> until;
};

struct TellPresence {  // A person has confirmed to be at this laser or mill.
    MachineId machine;
    TimePoint until;
};

struct AnswerOperator {
    std::uint64_t reply_id = 0;
    Result<message::OperatorAnswer> answer;
};

}  // namespace effect

using Effect = std::variant<effect::Record,
                            effect::SendToRouter,
                            effect::FetchDesign,
                            effect::Prepare,
                            effect::PreparePlate,
                            effect::UploadToMachine,
                            effect::OpenStartGate,
                            effect::RevokeStart,
                            effect::CancelRun,
                            effect::PauseRun,
                            effect::TellPresence,
                            effect::AnswerOperator>;
using Effects = std::vector<Effect>;

// One line for logs and stories: "record reserved 3f9c01d2a4b86e57-1 e2".
[[nodiscard]] std::string to_string(const Fact& fact);
[[nodiscard]] std::string to_string(const Effect& effect);
// "clear_bed p1"; a presence code is never said.
[[nodiscard]] std::string in_words(const message::OperatorCommand& command);

}  // namespace nearfab::agent
