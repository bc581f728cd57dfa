// SPDX-License-Identifier: GPL-3.0-or-later
// work_order.hpp - the life of a work order: one table of state x event.
//
// The table is the only place that knows which step follows which. Steps that must never exist
// (a second offer after a start right, an epoch used twice) have no entry, so there is no way to
// write them down. docs/LIFE.md is made from it.

#pragma once

#include "proto/model/job.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nearfab::router {

enum class WorkEvent : std::uint8_t {
    offered = 1,         // The router proposes it to a fab; the epoch grows.
    reserved = 2,        // The fab accepted.
    released = 3,        // Declined, expired, withdrawn: before any start right.
    authorised = 4,      // The router gave the right to start.
    started = 5,         // The machine runs it.
    never_started = 6,   // The right was burnt unused; the agent can never use it again.
    produced = 7,        // The machine says done.
    failed = 8,          // This attempt made nothing usable.
    doubted = 9,         // Silence after a start right: nobody can say.
    declared_lost = 10,  // A rule or a person gave the attempt up; a late part may still turn up.
    inspected = 11,      // A person says the part is good.
    rejected = 12,       // A person says it is not.
    delivered = 13,      // In the user's hands.
    cancelled = 14,
    given_up = 15,   // Too many attempts.
    recovered = 16,  // A part given up on turned up before its second attempt was authorised.
    adopted = 17,    // A fab holds an attempt that these records have lost (an older backup).
};
inline constexpr int work_event_count = 17;

[[nodiscard]] std::string_view to_string(WorkEvent event);

// One row of the table. The words are for people; what they say is tested on the whole router
// (tests/simulation/life_page.cpp).
struct WorkStep {
    WorkOrderState from;
    WorkEvent event;
    WorkOrderState to;
    std::string_view who;      // Causes it.
    std::string_view guard;    // Holds before; empty: nothing more than the state.
    std::string_view effects;  // Follows at once.
};
[[nodiscard]] std::span<const WorkStep> work_steps();

// The state that follows, or nothing when the event cannot happen in this state.
[[nodiscard]] std::optional<WorkOrderState> next_state(WorkOrderState state, WorkEvent event);

}  // namespace nearfab::router
