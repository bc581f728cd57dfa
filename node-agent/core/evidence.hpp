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
    nothing,      // No answer from the machine.
    runs,         // It runs, or is paused in, our file.
    completed,    // Its last run was our file, to the end.
    stopped,      // Its last run was our file, and it failed or was stopped.
    faulted,      // It needs a person, and its last run was our file, which it did not complete.
    fault_only,   // It needs a person, and says nothing of our file.
    absent,       // It remembers what it did, and our file neither runs nor was its last run.
    cannot_tell,  // It does not run our file and does not remember.
};

[[nodiscard]] Evidence evidence_of(const MachineReading& reading, const std::string& file);

}  // namespace nearfab::agent
