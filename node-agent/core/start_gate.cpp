// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/start_gate.hpp"

#include "base/check.hpp"
#include "node-agent/drivers/machine_driver.hpp"

namespace nearfab::agent {
namespace {

using Reason = std::optional<std::string>;  // Why the gate stays shut.

std::string condition_text(const MachineReading& reading) {
    const std::string about = reading.detail.empty() ? "" : " (" + reading.detail + ")";
    switch (reading.condition) {
        case MachineCondition::unreachable:
            return "does not answer" + about;
        case MachineCondition::idle:
            return "is idle" + about;
        case MachineCondition::running:
            return "is running " + reading.file + about;
        case MachineCondition::paused:
            return "has " + reading.file + " paused" + about;
        case MachineCondition::fault:
            return "reports a fault" + about;
        case MachineCondition::busy:
            return "is busy" + about;
    }
    return "is in an unknown condition" + about;
}

// What the agent knows without asking the machine.
Reason refused_by_epoch(const WorkOrderId& id, std::uint64_t epoch, std::uint64_t highest) {
    if (epoch != 0 && epoch == highest) return std::nullopt;
    return "attempt " + std::to_string(epoch) + " of work order " + id.text() +
           " is not the newest one; the newest known here is " + std::to_string(highest);
}

Reason refused_by_order(const StartOrder& order) {
    const std::string job = "work order " + order.work_order.text();
    if (auto why = refused_by_epoch(order.work_order, order.epoch, order.highest_epoch_seen)) {
        return why;
    }
    for (const StartRider& rider : order.riders) {
        if (auto why = refused_by_epoch(rider.work_order, rider.epoch, rider.highest_epoch_seen)) {
            return why;
        }
    }
    if (order.machine_file.empty()) {
        return job + " has no machine file";
    }
    if (order.draining) {
        return "the operator wants no new starts (the agent is draining)";
    }
    if (!order.bed_confirmed_clear) {
        return "nobody has confirmed that machine " + order.machine.text() +
               " is clear since its last part; clear it and confirm";
    }
    return std::nullopt;
}

Reason refused_by_presence(const StartOrder& order, TimePoint now) {
    if (!order.attended_process) {
        return std::nullopt;
    }
    if (!order.presence_until) {
        return "this process needs a person at machine " + order.machine.text() +
               ", and nobody has confirmed to be there";
    }
    if (now >= *order.presence_until) {
        return "this process needs a person at machine " + order.machine.text() +
               ", and the last confirmation has run out; confirm again at the machine";
    }
    return std::nullopt;
}

// What only the machine can say. Slow: these questions may go over a network.
Reason refused_by_machine(const StartOrder& order, MachineDriver& driver) {
    const auto hash = driver.stored_hash(order.machine_file);
    if (!hash) {
        return "the copy of " + order.machine_file + " on machine " + order.machine.text() +
               " cannot be checked: " + hash.error().message;
    }
    if (*hash != order.authorised_hash) {
        return "the bytes of " + order.machine_file + " on machine " + order.machine.text() + " (" +
               hash->short_hex() + ") are not the authorised ones (" +
               order.authorised_hash.short_hex() + ")";
    }
    const MachineReading reading = driver.read();
    // A machine can say "idle" and still hold a paused file that a start would throw away.
    if (reading.condition != MachineCondition::idle) {
        return "machine " + order.machine.text() + " " + condition_text(reading);
    }
    if (!reading.file.empty()) {
        return "machine " + order.machine.text() + " says idle but still holds " + reading.file;
    }
    // Somebody may have run something within seconds, after the last look at the machine.
    if (order.history && reading.history && *order.history != *reading.history) {
        return "machine " + order.machine.text() +
               " has run something or was switched on anew since its bed was known to be clear";
    }
    return std::nullopt;
}

StartOutcome outcome_of(const Status& answer) {
    if (answer) {
        return {StartOutcome::Kind::started, {}};
    }
    // Only a conflict proves that nothing was started; every other answer leaves a doubt.
    const bool proven = answer.error().code == ErrorCode::conflict;
    return {proven ? StartOutcome::Kind::driver_failed : StartOutcome::Kind::unknown,
            proven ? "the machine did not start: " + answer.error().message
                   : "it is not known whether the machine started: " + answer.error().message};
}

}  // namespace

StartOutcome StartGate::open(const StartOrder& order,
                             MachineDriver& driver,
                             const std::function<Moment()>& now,
                             const std::function<bool()>& revoked) {
    NEARFAB_CHECK(static_cast<bool>(now), "the start gate needs a clock");
    NEARFAB_CHECK(static_cast<bool>(revoked), "the start gate needs to know of a revocation");
    const auto shut = [](std::string reason) {
        return StartOutcome{StartOutcome::Kind::refused, std::move(reason)};
    };
    const StartOutcome taken_back{StartOutcome::Kind::revoked,
                                  "the start of " + order.machine_file + " was taken back"};
    if (revoked()) {
        return taken_back;  // No need to trouble the machine.
    }
    if (auto why = refused_by_order(order)) {
        return shut(std::move(*why));
    }
    if (auto why = refused_by_presence(order, now().boot)) {
        return shut(std::move(*why));
    }
    if (auto why = refused_by_machine(order, driver)) {
        return shut(std::move(*why));
    }
    // Nothing slow may come between this reading of the clock and the start: it is asked here, and
    // by the driver again when it has looked at the machine once more.
    const auto why_not = [&]() -> std::optional<std::string> {
        const TimePoint last_look = now().boot;
        if (last_look >= order.right_expires) {
            return "the right to start " + order.machine_file + " ran out " +
                   std::to_string((last_look - order.right_expires).count()) +
                   " ms ago; the agent will ask for a new one";
        }
        if (auto why = refused_by_presence(order, last_look)) return why;
        if (revoked()) return taken_back.reason;
        return std::nullopt;
    };
    const StartPermit permit{order.machine_file, order.presence_until, why_not};
    if (const Status good = permit.still_good(); !good) {
        return revoked() ? taken_back : shut(good.error().message);
    }
    const Status answer = driver.start(permit);
    // The driver was not allowed to ask the machine.
    if (permit.refused_) return revoked() ? taken_back : shut(*permit.refused_);
    return outcome_of(answer);
}

Status StartPermit::still_good() const {
    if (!refused_) refused_ = why_not_();
    if (!refused_) return {};
    return fail(ErrorCode::conflict, *refused_);
}

}  // namespace nearfab::agent
