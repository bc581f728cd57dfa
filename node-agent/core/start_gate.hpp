// SPDX-License-Identifier: GPL-3.0-or-later
// start_gate.hpp - the only way to start a machine.
//
// A queued start is a bomb: it must never fire late, twice, on a part that is still on the bed, or
// with nobody near a laser. So a driver can be started only with a StartPermit, and a StartPermit
// can be made only by StartGate::open, which asks every question again in the same call that
// starts the machine. It takes no shortcuts and has no options.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "node-agent/core/machine_reading.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

class MachineDriver;

// What is made in the same run.
struct StartRider {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::uint64_t highest_epoch_seen = 0;
};

// The right to start, as the agent's journal holds it, with what the agent knows of the machine.
struct StartOrder {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::uint64_t highest_epoch_seen = 0;  // For this work order, from any message.
    MachineId machine;
    std::string machine_file;                 // Name on the machine: carries work order and epoch.
    ContentHash authorised_hash;              // Of the bytes the router gave the right for.
    TimePoint right_expires;                  // On this agent's own boot clock; of all, the first.
    bool bed_confirmed_clear = false;         // By a person, after the last part.
    bool attended_process = false;            // Laser and mill: a person must be there.
    std::optional<TimePoint> presence_until;  // Last presence of a person, plus its validity.
    bool draining = false;                    // The operator wants no new starts.
    // What the machine had run when its bed was last known to be clear, if it counts.
    std::optional<RunHistory> history = std::nullopt;
    std::vector<StartRider> riders = {};
};

// Proof that the gate said yes. Only the gate can make one; it cannot be kept or copied.
class StartPermit {
public:
    StartPermit(const StartPermit&) = delete;
    StartPermit& operator=(const StartPermit&) = delete;

    [[nodiscard]] const std::string& machine_file() const { return machine_file_; }
    // Until when a person is known to be at the machine, on the boot clock; nothing: nobody is.
    // A driver of a laser or mill starts nothing without it and holds when it has passed.
    [[nodiscard]] std::optional<TimePoint> presence_until() const { return presence_until_; }
    // Asked by a driver with nothing slow between the answer and the start: after it has looked at
    // the machine once more, or waited for a lock, the right may have run out or been taken back.
    // Error conflict: then nothing may be started. Once it has said no it stays so.
    [[nodiscard]] Status still_good() const;

private:
    friend class StartGate;
    StartPermit(std::string machine_file,
                std::optional<TimePoint> presence_until,
                std::function<std::optional<std::string>()> why_not)
        : machine_file_{std::move(machine_file)},
          presence_until_{presence_until},
          why_not_{std::move(why_not)} {}
    std::string machine_file_;
    std::optional<TimePoint> presence_until_;
    std::function<std::optional<std::string>()> why_not_;
    mutable std::optional<std::string> refused_;
};

// Why the gate stayed shut, or what the driver answered.
struct StartOutcome {
    enum class Kind : std::uint8_t {
        started,        // The machine runs our file.
        refused,        // A condition did not hold; the machine was not touched.
        revoked,        // Taken back before the driver was asked; the machine was not touched.
        driver_failed,  // The driver was asked and said no, provably without starting.
        unknown,        // The driver was asked and we cannot tell: in doubt.
    };
    Kind kind = Kind::refused;
    std::string reason;  // For people; empty when started.
};

class StartGate {
public:
    // `now` is read inside the call, after the slow questions, so a pause of the process between
    // the checks and the start cannot revive an expired right. `revoked` is asked last of all,
    // with nothing between its answer and the start: what the agent learned while the order was
    // under way still counts.
    [[nodiscard]] static StartOutcome open(const StartOrder& order,
                                           MachineDriver& driver,
                                           const std::function<Moment()>& now,
                                           const std::function<bool()>& revoked);
};

}  // namespace nearfab::agent
