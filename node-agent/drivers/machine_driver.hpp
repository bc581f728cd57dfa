// SPDX-License-Identifier: GPL-3.0-or-later
// machine_driver.hpp - one machine, as the agent can talk to it.
//
// A driver speaks for exactly one machine. Its calls may block for seconds (a network, a serial
// line), so they are made from the machine's own thread, never from the agent's event loop; a
// driver is not shared between threads. What a driver says is a claim: "finished" does not mean
// that the part is good.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "node-agent/core/machine_reading.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace nearfab::agent {

class StartPermit;

struct MachineIdentity {
    std::string kind;  // "simulated", later "octoprint", "moonraker", ...
    std::string model;
    std::string firmware;
};

class MachineDriver {
public:
    MachineDriver() = default;
    virtual ~MachineDriver() = default;
    MachineDriver(const MachineDriver&) = delete;
    MachineDriver& operator=(const MachineDriver&) = delete;

    [[nodiscard]] virtual Result<MachineIdentity> identify() = 0;
    // An unreachable machine is a reading, not an error. A driver fills in `history` only if the
    // machine counts every run that anyone begins, and `last_run` is then the latest of those that
    // have ended; a count that may miss a run is worse than none.
    [[nodiscard]] virtual MachineReading read() = 0;
    // Puts a file into the machine's storage under this name; never starts it. The same name with
    // the same bytes is fine; with other bytes is a conflict.
    [[nodiscard]] virtual Status upload(const std::string& name,
                                        std::span<const std::uint8_t> bytes) = 0;
    // The hash of the bytes the machine holds under this name, read back from it.
    [[nodiscard]] virtual Result<ContentHash> stored_hash(const std::string& name) = 0;
    // Error `conflict`: provably not started. Error `timed_out` or `unavailable`: cannot tell.
    // Only StartGate calls this; nobody else can make a StartPermit.
    [[nodiscard]] virtual Status start(const StartPermit& permit) = 0;
    [[nodiscard]] virtual Status pause() = 0;
    [[nodiscard]] virtual Status resume() = 0;
    [[nodiscard]] virtual Status cancel() = 0;
};

}  // namespace nearfab::agent
