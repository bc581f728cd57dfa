// SPDX-License-Identifier: GPL-3.0-or-later
// simulated_driver.hpp - a machine in a directory, for trying nearfab out and for testing it.
//
// It runs real G-code in virtual time, a speed factor faster than a real printer, and it goes on
// while the agent is dead: all it knows is in its directory, and what it does is computed from
// that and the clock (simulated_machine.hpp). Like firmware it refuses code outside its limits
// (gcode_gate.hpp, grbl_gate.hpp) when it is asked to run it.
//
//   files/<name>   what was uploaded
//   memory.json    what it does and did; replaced whole
//   orders         lines appended by people and tests ("echo power-cut >> orders"), obeyed and
//                  removed at the next look at the machine; the words are in simulated_machine.hpp
//   orders.<n>     orders being obeyed; left behind only by a crash
//
// One driver at a time owns a directory.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node-agent/drivers/machine_driver.hpp"
#include "node-agent/drivers/simulated_machine.hpp"
#include "node-agent/machine_code/cutter_code.hpp"
#include "node-agent/machine_code/gcode_gate.hpp"
#include "node-agent/machine_code/gcode_run.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::agent {

struct SimulatedDriverOptions {
    std::filesystem::path directory;  // Made if missing; its parent must exist.
    double speed = 1;                 // Machine time per real time; more than 0.
    MachineCodeLimits limits;
    MachineDynamics dynamics;
    // A laser or mill that speaks GRBL, instead of a printer with the two above.
    std::optional<CutterCode> cutter;
    std::string model = "simulated printer";
    // A machine that has never run anything vouches for its empty bed. Only for simulations: a real
    // bed is looked at by a person.
    bool bed_clear_at_first_start = false;
    std::string boot_id;  // Names the boot that `now` counts from; not empty.
    std::function<Moment()> now;
};

class SimulatedDriver final : public MachineDriver {
public:
    // Error invalid_argument: a bad option. Error storage: the directory cannot be made.
    [[nodiscard]] static Result<std::unique_ptr<SimulatedDriver>> open(
        SimulatedDriverOptions options);

    [[nodiscard]] DriverTraits traits() const override;
    [[nodiscard]] Result<MachineIdentity> identify() override;
    [[nodiscard]] MachineReading read() override;
    // Names are letters, digits, ".", "_" and "-", at most 120, not beginning with ".".
    [[nodiscard]] Status upload(const std::string& name,
                                std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] Result<ContentHash> stored_hash(const std::string& name) override;
    [[nodiscard]] Status start(const StartPermit& permit) override;
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status cancel() override;

private:
    explicit SimulatedDriver(SimulatedDriverOptions options) : options_{std::move(options)} {}

    [[nodiscard]] SimulatedNow now() const;
    // Loads the memory, lets the time pass and the orders happen, and saves what that changed.
    [[nodiscard]] Result<SimulatedMemory> look(const SimulatedNow& now);
    // The same; error unavailable when the machine is offline.
    [[nodiscard]] Result<SimulatedMemory> reach(const SimulatedNow& now);
    [[nodiscard]] Result<SimulatedMemory> load() const;
    [[nodiscard]] Status save(const SimulatedMemory& memory) const;
    [[nodiscard]] Result<std::string> take_orders(std::uint64_t taken_before) const;
    [[nodiscard]] Result<std::filesystem::path> file_path(const std::string& name) const;
    [[nodiscard]] Result<std::string> file_text(const std::string& name) const;
    [[nodiscard]] Result<MachineRun> plan(const std::string& name) const;
    [[nodiscard]] Result<MachineRun> plan_code(std::string_view code) const;
    [[nodiscard]] Status check_code(std::string_view code) const;
    [[nodiscard]] std::string doing(const SimulatedRun& run, const SimulatedNow& now);
    using Change = Result<SimulatedMemory> (*)(SimulatedMemory, const SimulatedNow&);
    [[nodiscard]] Status command(Change change);

    SimulatedDriverOptions options_;
    // The plan of the running file, to tell what it is doing; made again after a restart.
    std::optional<std::pair<std::string, MachineRun>> planned_;
};

}  // namespace nearfab::agent
