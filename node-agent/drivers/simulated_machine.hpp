// SPDX-License-Identifier: GPL-3.0-or-later
// simulated_machine.hpp - a printer that exists only as a memory and a clock.
//
// The machine goes on while nobody looks at it, so nothing here advances: what it does at a moment
// is computed from what it remembers (SimulatedMemory) and the moment (SimulatedNow). A run is
// known by its start and its length; pauses are known by their spans.
//
// The boot clock starts again with the computer. A run that began in another boot was lost to a
// power cut; how far it had come is known only as of the last look.
//
// Orders are how people and tests make things happen to it; the list is at after_order.
// Pure: simulated_driver.hpp brings the directory and the clock.

#pragma once

#include "base/result.hpp"
#include "node-agent/drivers/machine_driver.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::agent {

struct SimulatedNow {
    std::int64_t boot_ms = 0;  // On the boot clock.
    std::string boot_id;       // Names this boot; the kernel's boot id.
};

struct SimulatedRun {
    std::string file;
    std::string boot_id;  // Of its start.
    std::int64_t started_ms = 0;
    std::int64_t length_ms = 0;  // Of machine time. A run by hand has none: until ended.
    double speed = 1;            // Machine time per real time.
    bool by_hand = false;        // Started by someone at the machine.
    std::optional<std::int64_t> paused_since_ms;
    std::int64_t paused_ms = 0;  // Earlier pauses together, real time.
    double progress_seen = 0;    // Whole percents at the last look, 0..1.

    friend bool operator==(const SimulatedRun&, const SimulatedRun&) = default;
};

struct PlannedFailure {
    double progress = 0;  // 0..1
    std::string text;

    friend bool operator==(const PlannedFailure&, const PlannedFailure&) = default;
};

struct SimulatedMemory {
    std::optional<SimulatedRun> run;
    std::optional<LastRun> last_run;
    std::optional<std::string> fault;  // Its text.
    bool power_lost = false;           // A fault that only power-on ends.
    bool offline = false;
    std::optional<PlannedFailure> fail_at;    // For the run of now, or the next one.
    std::optional<std::string> refuse_start;  // Once.
    bool hang_start = false;                  // Once.
    std::uint64_t order_files = 0;            // Taken so far, so that none is obeyed twice.
    std::string complaint;                    // About the last orders; for people.
    std::string made;         // Names this machine; another one in its directory has another name.
    std::uint64_t boots = 0;  // Times it lost its power, each of which ends its count of runs.
    std::uint64_t runs = 0;   // Begun since then, by anyone.

    friend bool operator==(const SimulatedMemory&, const SimulatedMemory&) = default;
};

// What has become of the machine by now: finished, failed as planned, lost its power, or unchanged.
[[nodiscard]] SimulatedMemory settled(SimulatedMemory memory, const SimulatedNow& now);

// It has never begun a run, so nothing can lie on its bed but what was put there.
[[nodiscard]] bool never_ran(const SimulatedMemory& memory);

// REQUIRES: the memory is settled at `now`.
[[nodiscard]] MachineReading reading_of(const SimulatedMemory& memory, const SimulatedNow& now);

// Machine time of the run so far. REQUIRES: settled, with a run.
[[nodiscard]] std::int64_t elapsed_ms(const SimulatedRun& run, const SimulatedNow& now);

// Error conflict: it runs, is paused or has a fault. REQUIRES: settled.
[[nodiscard]] Status may_start(const SimulatedMemory& memory);

// The memory after a command; error conflict when the machine is in no condition for it.
// REQUIRES: settled at `now`; for started: may_start.
[[nodiscard]] SimulatedMemory started(SimulatedMemory memory,
                                      std::string file,
                                      std::int64_t length_ms,
                                      double speed,
                                      const SimulatedNow& now);
[[nodiscard]] Result<SimulatedMemory> paused(SimulatedMemory memory, const SimulatedNow& now);
[[nodiscard]] Result<SimulatedMemory> resumed(SimulatedMemory memory, const SimulatedNow& now);
[[nodiscard]] Result<SimulatedMemory> cancelled(SimulatedMemory memory, const SimulatedNow& now);

// One order of:
//   fail <text>               the run fails now; without a run the fault is there all the same
//   fail-at <percent> <text>  the run of now, or the next one, fails there
//   clear-fault               someone has mended it
//   power-cut, power-on       the run is lost, and the machine waits for power-on
//   by-hand <file>            someone starts a job of their own; by-hand-end ends it
//   offline, online           it cannot be reached, but goes on
//   refuse-start <text>       the next start is refused with these words
//   hang-start                the next start is carried out, but the answer never comes
// Anything else, or an order that cannot be obeyed now, changes nothing but the complaint.
// REQUIRES: settled at `now`.
[[nodiscard]] SimulatedMemory after_order(SimulatedMemory memory,
                                          std::string_view order,
                                          const SimulatedNow& now);

}  // namespace nearfab::agent
