// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/evidence.hpp"

#include <algorithm>

namespace nearfab::agent {

const LastRun* run_of(const MachineReading& reading, const std::string& file) {
    if (reading.last_run && reading.last_run->file == file) return &*reading.last_run;
    const auto at = std::find_if(reading.earlier_runs.begin(),
                                 reading.earlier_runs.end(),
                                 [&](const LastRun& run) { return run.file == file; });
    return at == reading.earlier_runs.end() ? nullptr : &*at;
}

Evidence evidence_of(const MachineReading& reading, const std::string& file) {
    const bool active = reading.condition == MachineCondition::running ||
                        reading.condition == MachineCondition::paused;
    if (reading.condition == MachineCondition::unreachable) return Evidence::nothing;
    if (active && reading.file == file) return Evidence::runs;
    const LastRun* run = run_of(reading, file);
    if (run != nullptr) {
        if (run->outcome == RunOutcome::completed) return Evidence::completed;
        return reading.condition == MachineCondition::fault ? Evidence::faulted : Evidence::stopped;
    }
    if (reading.condition == MachineCondition::fault) return Evidence::fault_only;
    // It may be about to begin our file, or to tell what came of it.
    if (reading.condition == MachineCondition::busy) return Evidence::nothing;
    return reading.remembers ? Evidence::absent : Evidence::cannot_tell;
}

}  // namespace nearfab::agent
