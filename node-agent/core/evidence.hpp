// SPDX-License-Identifier: GPL-3.0-or-later
// evidence.hpp - what a machine's reading proves about one of our files.
//
// File names on the machine carry work order, epoch and content, so a name says which attempt is
// meant. Nothing is guessed: a machine that does not remember proves nothing by its silence.

#pragma once

#include "node-agent/core/machine_reading.hpp"

#include <cstdint>
#include <string>

namespace nearfab::agent {

enum class Evidence : std::uint8_t {
    nothing,      // No answer from the machine, or it is between two states.
    runs,         // It runs, or is paused in, our file.
    completed,    // It ran our file to the end, last or earlier.
    stopped,      // It ran our file, last or earlier, and that failed or was stopped.
    faulted,      // It needs a person, and its last run was our file, which it did not complete.
    fault_only,   // It needs a person, and says nothing of our file.
    absent,       // It remembers what it did, and our file neither runs nor was its last run.
    cannot_tell,  // It does not run our file and does not remember.
};

// What the machine remembers of this file, or null; good as long as the reading.
[[nodiscard]] const LastRun* run_of(const MachineReading& reading, const std::string& file);

[[nodiscard]] Evidence evidence_of(const MachineReading& reading, const std::string& file);

}  // namespace nearfab::agent
