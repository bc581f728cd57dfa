// SPDX-License-Identifier: GPL-3.0-or-later
// machine_driver.hpp - one machine, as the agent can talk to it.
//
// A driver speaks for exactly one machine. Its calls may block for seconds (a network, a serial
// line), so they are made from the machine's own thread, never from the agent's event loop; but for
// attend(), make_way() and interrupt() a driver is not shared between threads. What a driver says
// is a claim: "finished" does not mean that the part is good.
//
// Machines take commands before they obey them. A command that returns success was seen obeyed: the
// driver has asked until the machine's state had changed.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "node-agent/core/machine_reading.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab::agent {

class StartPermit;

// What a kind of driver can do and know, whatever machine it finds.
struct DriverTraits {
    // Who moves the machine: it runs from its own storage and goes on without us; this program
    // feeds it line by line; or a person starts it at the machine.
    enum class Run : std::uint8_t { own_storage, fed_by_us, by_hand };
    Run run = Run::own_storage;
    bool remembers = false;  // It can tell later what came of a file while nobody looked.
    bool can_pause = false;  // And resume.
    bool can_cancel = false;
    bool needs_presence = false;     // Starts and runs only with a person confirmed to be there.
    Duration look_at_least_every{};  // It forgets how a run ended after this; 0: never.
};

// What the machine told of itself; nothing where it cannot tell.
struct MachineIdentity {
    std::string kind;  // "simulated", "octoprint", "moonraker", ...
    std::string model;
    std::string firmware;
    std::string serial;  // Tells it from others of its model.
    std::optional<std::array<double, 3>> envelope_mm = std::nullopt;
    std::optional<double> nozzle_mm = std::nullopt;
    std::vector<std::string> remarks = {};  // What a person should know or mend, ready to print.
};

class MachineDriver {
public:
    MachineDriver() = default;
    virtual ~MachineDriver() = default;
    MachineDriver(const MachineDriver&) = delete;
    MachineDriver& operator=(const MachineDriver&) = delete;

    // DEFAULT: the least that any driver can do.
    [[nodiscard]] virtual DriverTraits traits() const { return {}; }
    // Error unavailable: it does not answer. Error unauthorised: the key is wrong. Error
    // unsupported: something else answers at this address.
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
    // Error conflict: it runs nothing that could be paused, resumed or cancelled. Error timed_out:
    // told, but not seen obeyed.
    [[nodiscard]] virtual Status pause() = 0;
    [[nodiscard]] virtual Status resume() = 0;
    [[nodiscard]] virtual Status cancel() = 0;

    // A person has confirmed to be at the machine until then, on the boot clock. From any thread,
    // at any time; returns at once. A driver that needs presence holds the machine when it passes.
    virtual void attend(TimePoint /*until*/) {}
    // From any thread: until it is said to be false again, an upload ends soon, with an error that
    // may be tried again. So that a stop does not wait for it. DEFAULT: uploads take no time.
    virtual void make_way(bool /*wanted*/) {}
    // From any thread: the call that is under way ends soon, and so does every later one. For the
    // end of the program.
    virtual void interrupt() {}
};

}  // namespace nearfab::agent
