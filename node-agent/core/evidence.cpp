// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/evidence.hpp"

namespace nearfab::agent {

Evidence evidence_of(const MachineReading& reading, const std::string& file) {
    const bool active = reading.condition == MachineCondition::running ||
                        reading.condition == MachineCondition::paused;
    if (reading.condition == MachineCondition::unreachable) return Evidence::nothing;
    if (active && reading.file == file) return Evidence::runs;
    if (reading.last_run && reading.last_run->file == file) {
        if (reading.last_run->outcome == RunOutcome::completed) return Evidence::completed;
        return reading.condition == MachineCondition::fault ? Evidence::faulted : Evidence::stopped;
    }
    if (reading.condition == MachineCondition::fault) return Evidence::fault_only;
    return reading.remembers ? Evidence::absent : Evidence::cannot_tell;
}

}  // namespace nearfab::agent
