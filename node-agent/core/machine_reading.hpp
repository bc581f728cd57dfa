// SPDX-License-Identifier: GPL-3.0-or-later
// machine_reading.hpp - what a machine says of itself when it is asked; a claim, not a truth.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

enum class MachineCondition : std::uint8_t {
    unreachable = 1,  // No answer; nothing is known.
    idle = 2,         // Runs nothing and would take a start.
    running = 3,
    paused = 4,
    fault = 5,  // Needs a person (thermal error, power lost, alarm).
    busy = 6,   // Answers, runs no file and takes no start: homing, heating by hand, connecting.
};

enum class RunOutcome : std::uint8_t { completed = 1, failed = 2, aborted = 3 };

// The last run the machine remembers, ours or not: of those that have ended, the latest begun.
struct LastRun {
    std::string file;
    RunOutcome outcome = RunOutcome::completed;
    std::string detail;  // The machine's own words.

    friend bool operator==(const LastRun&, const LastRun&) = default;
};

// How many runs the machine has begun since it was switched on, whoever asked for them. Two equal
// counts prove that nothing ran in between, which the name of the last run alone cannot: a file may
// be run twice.
struct RunHistory {
    std::string boot;        // Names the time since it was switched on; another one counts anew.
    std::uint64_t runs = 0;  // Begun, of any file.

    friend bool operator==(const RunHistory&, const RunHistory&) = default;
};

struct MachineReading {
    MachineCondition condition = MachineCondition::unreachable;
    std::string file;              // What runs or is paused; empty otherwise.
    double progress = 0;           // 0..1 of the run.
    std::int64_t remaining_s = 0;  // As the machine estimates it.
    std::optional<LastRun> last_run;
    // Runs before that one, newest first, from a machine that keeps a history; at most 50.
    std::vector<LastRun> earlier_runs = {};
    // True when the machine can prove what it did since its last start (own memory or history).
    // GRBL cannot: then an interrupted run is in doubt.
    bool remembers = false;
    // Nothing when the machine keeps no count: then it can never prove that a file did not run.
    std::optional<RunHistory> history = std::nullopt;
    // The machine itself vouches that nothing lies on its bed. Few can; false proves nothing.
    bool bed_seen_empty = false;
    std::string detail;  // For people: "heating", "bed 60 C", the fault's text.

    friend bool operator==(const MachineReading&, const MachineReading&) = default;
};

}  // namespace nearfab::agent
