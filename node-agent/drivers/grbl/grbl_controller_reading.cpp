// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a Grbl, for those who ask.

#include "node-agent/drivers/grbl/grbl_controller.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <string>

namespace nearfab::agent {

std::optional<double> GrblController::setting(int number) const {
    const auto at = settings_.find(number);
    return at == settings_.end() ? std::nullopt : std::optional{at->second};
}

// 200 x 200 x 200 mm without homing is what a board says that nobody has set up.
std::optional<std::array<double, 3>> GrblController::envelope_mm() const {
    std::array<double, 3> travel{};
    for (int axis = 0; axis < 3; ++axis) {
        const auto size = setting(130 + axis);
        if (!size || !(*size > 0)) return std::nullopt;
        travel[static_cast<std::size_t>(axis)] = *size;
    }
    const bool untouched = travel == std::array<double, 3>{200, 200, 200};
    const bool homes = (static_cast<int>(setting(22).value_or(0)) & 1) != 0;
    if (untouched && !homes) return std::nullopt;
    return travel;
}

MachineIdentity GrblController::identity() const {
    MachineIdentity identity;
    identity.kind = "grbl";
    identity.model = rules_.kind == GrblKind::laser ? "laser" : "mill";
    identity.firmware = version_;
    identity.envelope_mm = envelope_mm();
    identity.remarks = remarks();
    return identity;
}

std::vector<std::string> GrblController::remarks() const {
    std::vector<std::string> all;
    const auto bit = [this](int number) {
        return (static_cast<int>(setting(number).value_or(0)) & 1) != 0;
    };
    if (!envelope_mm()) all.push_back("the travel ($130 to $132) was never set up");
    if (!bit(22)) all.push_back("homing is off ($22): nothing knows where the axes stand");
    if (!bit(20)) all.push_back("soft limits are off ($20): a wrong program hits the frame");
    if (const auto why = why_not_set_up()) all.push_back("it would take no start now: " + *why);
    const auto scale = setting(30);
    if (rules_.kind == GrblKind::mill && rules_.s_max && scale && *rules_.s_max > *scale + 0.5) {
        all.push_back("the spindle's greatest speed is less there ($30) than the profile's s_max");
    }
    return all;
}

MachineReading GrblController::reading(TimePoint now) const {
    MachineReading reading;
    reading.last_run = last_run_;
    if (phase_ == Phase::closed || broken_) {
        reading.detail = broken_.value_or(closed_why_);
        return reading;
    }
    if (alarm_) {
        reading.condition = MachineCondition::fault;
        reading.detail = alarm_text(*alarm_, firmware_) +
                         (loses_position(*alarm_) ? "" : "; then reset and unlock it there");
        return reading;
    }
    if (job_) {
        read_state_of_job(reading, now);
        return reading;
    }
    if (!report_ || now >= report_at_ + lost_after) {
        reading.detail = report_ ? "the controller does not answer any more"
                                 : "the controller is being asked what it is";
        return reading;
    }
    read_state_alone(reading);
    return reading;
}

void GrblController::read_state_of_job(MachineReading& reading, TimePoint now) const {
    const std::string state = report_ ? report_->state : "Run";
    const bool held = job_->held && (job_->checks() || state == "Hold" || state == "Door");
    const bool waits = job_->held_for_presence || state == "Door" || state == "Tool";
    reading.condition = held || waits ? MachineCondition::paused : MachineCondition::running;
    reading.file = job_->name;
    if (job_->checks()) {
        reading.detail = "dry run, line " + std::to_string(job_->answered) + " of " +
                         std::to_string(job_->program->lines()) + ": nothing moves";
        return;
    }
    const auto lines = static_cast<double>(job_->program->lines());
    reading.progress = static_cast<double>(job_->answered) / lines;
    if (job_->answered > 0) {
        const auto spent = std::chrono::duration<double>(now - job_->begun_at).count();
        reading.remaining_s = static_cast<std::int64_t>(spent / reading.progress - spent);
    }
    reading.detail = state + ", line " + std::to_string(job_->answered) + " of " +
                     std::to_string(job_->program->lines());
    if (job_->held_for_presence) {
        reading.detail =
            "held, because nobody has confirmed to be at the machine; confirm it there to go on";
    }
}

void GrblController::read_state_alone(MachineReading& reading) const {
    const std::string& state = report_->state;
    reading.detail = state;
    if (stop_) {  // What still moves is ours.
        reading.condition = MachineCondition::busy;
        reading.detail = "being stopped";
        return;
    }
    if (phase_ != Phase::ready) {
        reading.condition = MachineCondition::busy;
        reading.detail = "being asked what it is";
    }
    if (state == "Run" || state == "Hold") {
        reading.condition = state == "Run" ? MachineCondition::running : MachineCondition::paused;
        reading.file = "a program that is not ours";
    } else if (phase_ != Phase::ready) {
        return;
    } else if (state == "Idle") {
        reading.condition = MachineCondition::idle;
    } else {
        reading.condition = MachineCondition::busy;
        if (state == "Alarm") reading.detail = "it is locked: home it at the machine, or unlock it";
        if (state == "Door") reading.detail = "its door is open";
        if (state == "Sleep") reading.detail = "it sleeps; reset it at the machine";
    }
}

}  // namespace nearfab::agent
