// SPDX-License-Identifier: GPL-3.0-or-later
// work.hpp - one attempt with everything the agent knows about it.
//
// The first half comes from facts and survives a restart. The second half is what this run of the
// program is doing about it, and starts empty.

#pragma once

#include "base/clock.hpp"
#include "node-agent/core/attempt.hpp"
#include "node-agent/core/fact.hpp"
#include "proto/model/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

// A person whose command came by way of the router.
struct FarAsker {
    std::uint64_t session = 0;  // In which it came; a request means nothing in another one.
    std::uint64_t request = 0;
    IdentityId operator_name;
    std::string said_as;               // The idempotency key.
    message::OperatorCommand command;  // Without a machine's presence code.
};

// Who waits for the answer to a command: at this computer, or elsewhere.
struct Asker {
    std::uint64_t reply_id = 0;
    std::optional<FarAsker> far = std::nullopt;
};

// The machine was told to hold the run, or to go on, and has not answered yet.
struct Pausing {
    bool go_on = false;
    std::vector<Asker> askers;
};

// One run that makes several attempts. The one that is first in line leads: the file has its name,
// and is sent to the machine for it.
struct Plate {
    AttemptKey leader;
    std::uint32_t pieces = 0;
    std::string machine_file;
    ContentHash machine_code;
    std::int64_t seconds = 0;  // Of all of it.
    double grams = 0;          // The share of this piece.

    // Not from facts, as below.
    bool uploaded = false;
    std::uint32_t failed_uploads = 0;  // Of the leader's.
    std::uint32_t refusals = 0;        // Of this piece's start by the router.
};

struct Work {
    AttemptKey key;
    message::Offer offer;
    std::uint64_t order = 0;  // Of arrival: machines work first come, first served.
    Stage stage = Stage::seen;
    std::string boot_id;  // Of the two times below.
    TimePoint offer_expires;
    TimePoint right_expires;
    bool confirmed = false;
    std::optional<fact::Prepared> prepared;  // Alone.
    std::optional<Plate> plate;              // With others.
    std::vector<std::string> plate_files;    // Of all plates that it was ever put on.
    bool has_run = false;                    // There was proof that the machine ran it.
    std::optional<RunHistory> before_start;  // What the machine had run until it was started.
    bool fault_seen = false;                 // In doubt because of a fault that did not name it.
    std::string detail;                      // Why it ended, or what is in doubt.
    bool unsafe = false;
    bool router_knows = false;
    message::AttemptState reported = message::AttemptState::unknown;  // Last one acknowledged.
    std::optional<fact::Unwanted> unwanted;
    bool paused = false;  // A person wants the machine to hold it, and said so here.

    bool fetching = false;
    bool preparing = false;
    std::string uploading;   // The file that is on its way to the machine; empty: none.
    bool uploaded = false;   // What it would run alone is there.
    bool gate_open = false;  // The start gate has not answered yet,
    bool recalled = false;   // and it was told not to start.
    bool cancelling = false;
    bool cancelled = false;  // The machine said that it stopped,
    bool runs_on = false;    // and was seen running afterwards.
    int cancel_tries = 0;
    bool halted = false;             // The machine says that it holds it, whoever wanted that.
    bool pause_seen = false;         // It did, since somebody wanted it here.
    TimePoint pause_settles_at;      // Before this, that it runs proves no end of the pause.
    std::optional<Pausing> pausing;  // Under way.
    TimePoint reserved_at;
    TimePoint asked_at;
    bool may_hold_right = false;  // The router was asked, so it may have given a right.
    std::uint64_t nonce = 0;      // Of the last question; 0: none is open.
    // The right was given, and waits for those of the others on its plate.
    std::optional<TimePoint> granted_until;
    TimePoint start_not_before;
    TimePoint upload_not_before;
    TimePoint cancel_not_before;
    TimePoint evidence_from;  // Before this, silence about our file proves nothing.
    double progress = 0;
    bool progress_known = false;  // The machine has told it since the program began.
    double used_g = 0;            // Of its material, when what is there was last said.
    std::int64_t remaining_s = 0;
    std::string wait_reason;  // Why it has not started; for people.
    std::string phase_told;   // The last phase the router heard.
};

// "nf-3f9c01d2a4b86e57-1-e2-0a1b2c3d.gcode": a person at the machine can tell what it is.
// A resin printer's ends in .sl1: machines go by the end of the name.
[[nodiscard]] std::string machine_file_name(const AttemptKey& key,
                                            const ContentHash& code,
                                            const ProcessId& process);

// "nf-3f9c01d2a4b86e57-1-e2-p4-n1-0a1b2c3d.gcode": four pieces, the first of them named; the first
// plate that it was ever put on. No two plates have the same name.
[[nodiscard]] std::string plate_file_name(const Work& leader,
                                          std::size_t pieces,
                                          const ContentHash& code);

// What the machine runs for it: its own file, or the plate's. REQUIRES: prepared.
[[nodiscard]] const std::string& file_of(const Work& work);
[[nodiscard]] const ContentHash& code_of(const Work& work);
[[nodiscard]] bool is_uploaded(const Work& work);
// It is alone, or the first of its plate.
[[nodiscard]] bool leads(const Work& work);

// Grams this attempt needs: as sliced, its share of what was sliced with others, or else the solid
// part, which is more than it can need.
[[nodiscard]] double needed_g(const Work& work);
[[nodiscard]] double needed_g(const message::Offer& offer);
// What of that has not left the spool yet, as far as anybody has said.
[[nodiscard]] double still_needed_g(const Work& work);
// So much is enough. Shares of a plate may not add up in the last bits.
[[nodiscard]] bool suffices(double stock_g, double needed_g);
// "12.4 g", "12 g": to a tenth of a gram.
[[nodiscard]] std::string grams_text(double grams);

// Seconds of machine time: as the machine says, as sliced, or from the machine's rate. Of a plate,
// each piece takes all of it.
[[nodiscard]] std::int64_t seconds_left(const Work& work, double build_rate_cm3_per_h);

// Nothing is left to do or to tell.
[[nodiscard]] bool is_settled(const Work& work);

// "printing", "cutting": what a machine of this process does.
[[nodiscard]] std::string making_word(const ProcessId& process);

// What it is doing now, in the words people see: "slicing", "waiting for the bed to be cleared".
// `run` is who stands for the run that it is part of: itself, if it is alone.
[[nodiscard]] std::string phase_of(const Work& work, const Work& run);

// "work order 3f9c-1 is printing (43 %)"
[[nodiscard]] std::string describe(const Work& work, const Work& run);

// The attempt as reports and inventories state it.
[[nodiscard]] message::AttemptReport report_of(const Work& work);

}  // namespace nearfab::agent
