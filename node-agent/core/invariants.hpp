// SPDX-License-Identifier: GPL-3.0-or-later
// invariants.hpp - what must hold after every step of an agent, whatever happened.
//
// An observer with its own memory, fed with each step's effects. Tests run it after every step; it
// shares no reasoning with the agent, so one slip cannot hide in both.

#pragma once

#include "node-agent/core/agent.hpp"
#include "node-agent/core/effect.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace nearfab::agent {

class Invariants {
public:
    // The first invariant that this step broke, in words; nothing when all hold.
    [[nodiscard]] std::optional<std::string> after(Moment now,
                                                   const Agent& agent,
                                                   const Effects& effects);
    // Of one moment alone: whatever waits has its material, as long as nobody has said that less is
    // there.
    [[nodiscard]] static std::optional<std::string> see_material(const Agent& agent);

private:
    [[nodiscard]] std::optional<std::string> see(const effect::Record& effect);
    [[nodiscard]] std::optional<std::string> see(const effect::OpenStartGate& effect,
                                                 const Agent& agent,
                                                 Moment now) const;
    [[nodiscard]] std::optional<std::string> see(const effect::PauseRun& effect,
                                                 const Agent& agent,
                                                 Moment now) const;
    [[nodiscard]] std::optional<std::string> see_opened(const AttemptKey& key,
                                                        const StartOrder& order,
                                                        Moment now) const;
    // For the whole run that it leads.
    [[nodiscard]] bool has_material_for(const Agent& agent, const AttemptKey& leader) const;
    [[nodiscard]] AttemptKey leader_of(const AttemptKey& key) const;
    [[nodiscard]] std::optional<std::string> see_handed_out(const Agent& agent,
                                                            const Work& work) const;
    [[nodiscard]] std::optional<std::string> see_state(const Agent& agent) const;

    std::map<AttemptKey, TimePoint> rights_;    // Recorded, with their expiry.
    std::map<AttemptKey, MachineId> starting_;  // Recorded as about to start.
    std::map<AttemptKey, bool> over_;           // Burnt, ended or released.
    std::map<AttemptKey, MachineId> machine_of_;
    std::map<MachineId, AttemptKey>
        on_bed_;  // Started and not cleared since; of a plate its leader.
    std::map<AttemptKey, AttemptKey> leader_of_;  // Of what rides with it.
    std::set<MachineId> foreign_on_bed_;
    std::set<MachineId> confirmed_;  // Named by a BedCleared that still counts for something.
    std::set<AttemptKey> opened_;
    std::set<AttemptKey> revoked_;
    std::set<AttemptKey> unwanted_;
    std::set<AttemptKey> paused_;
    std::map<WorkOrderId, std::uint64_t> epochs_;
    std::set<std::pair<IdentityId, std::string>> obeyed_;  // Who said it, and as what.
};

}  // namespace nearfab::agent
