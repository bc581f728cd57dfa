// SPDX-License-Identifier: GPL-3.0-or-later
// fab_builder.hpp - a small fab, its offers and its machines' readings, for the tests of the core.

#pragma once

#include "node-agent/core/agent.hpp"

#include <cstdint>
#include <string>

namespace nearfab::agent {

// One automatic printer "small", one manual printer "large", one attended laser "laser".
[[nodiscard]] inline AgentOptions small_fab() {
    const auto machine =
        [](const char* id, const char* process, const char* material, Acceptance acceptance) {
            MachineOptions options;
            options.capability.machine = MachineId{id};
            options.capability.model = id;
            options.capability.process = ProcessId{process};
            options.capability.envelope_x_mm = 180;
            options.capability.envelope_y_mm = 180;
            options.capability.envelope_z_mm = 180;
            options.capability.materials = {{MaterialId{material}, 800}};
            options.capability.min_feature_mm = 0.4;
            options.capability.tolerance_mm = 0.2;
            options.capability.build_rate_cm3_per_h = 12;
            options.acceptance = acceptance;
            return options;
        };
    AgentOptions options;
    options.title = "FabLab Test";
    options.place = {45.764, 4.8357};
    options.machines = {machine("small", "fdm", "pla", Acceptance::automatic),
                        machine("large", "fdm", "petg", Acceptance::manual),
                        machine("laser", "laser_cut", "plywood_birch", Acceptance::automatic)};
    options.preparable = {ProcessId{"fdm"}, ProcessId{"laser_cut"}};
    options.boot_id = "boot-1";
    options.nonce_seed = 7;
    return options;
}

// What an agent records when it is started for the first time.
[[nodiscard]] inline std::vector<Fact> first_facts(const AgentOptions& options) {
    std::vector<Fact> facts;
    for (const MachineOptions& machine : options.machines) {
        const Capability& can = machine.capability;
        for (const MaterialStock& stock : can.materials)
            facts.push_back(fact::Loaded{can.machine, stock.material, stock.available_g, true});
    }
    return facts;
}

// The design hash of a work order in tests is the hash of "design of <id>".
[[nodiscard]] inline message::Offer offer_for(const std::string& work_order,
                                              std::uint64_t epoch,
                                              const std::string& machine = "small") {
    message::Offer offer;
    offer.work_order = WorkOrderId{work_order};
    offer.epoch = epoch;
    offer.machine = MachineId{machine};
    offer.part.design = hash_of("design of " + work_order);
    offer.part.design_bytes = 1000;
    offer.part.file_name = "bracket.stl";
    offer.part.process = ProcessId{machine == "laser" ? "laser_cut" : "fdm"};
    offer.part.material = MaterialId{machine == "laser"   ? "plywood_birch"
                                     : machine == "large" ? "petg"
                                                          : "pla"};
    offer.facts.volume_mm3 = 10'000;
    offer.facts.stances.fill({40, {}});
    offer.licence = "CERN-OHL-S-2.0";
    offer.title = "Bracket";
    offer.submitter = IdentityId{"ada"};
    offer.expires_s = 20;
    return offer;
}

[[nodiscard]] inline ContentHash code_of(const std::string& work_order) {
    return hash_of("machine code of " + work_order);
}

[[nodiscard]] inline std::string file_of(const std::string& work_order, std::uint64_t epoch) {
    return machine_file_name(
        {WorkOrderId{work_order}, epoch}, code_of(work_order), ProcessId{"fdm"});
}

[[nodiscard]] inline MachineReading idle_machine() {
    MachineReading reading;
    reading.condition = MachineCondition::idle;
    reading.remembers = true;
    return reading;
}

}  // namespace nearfab::agent
