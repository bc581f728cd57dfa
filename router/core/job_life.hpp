// SPDX-License-Identifier: GPL-3.0-or-later
// job_life.hpp - the life of a job: one table of state x event. docs/LIFE.md is made from it.

#pragma once

#include "proto/model/job.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nearfab::router {

enum class JobStep : std::uint8_t {
    queued = 1,  // Every part is analysed; its pieces look for fabs.
    placed = 2,  // A piece is with a fab.
    back = 3,    // All pieces that are not over are in the queue again.
    ready = 4,   // Every piece is over or inspected.
    closed = 5,  // Every piece is over, and at least one was handed over.
    rejected = 6,
    cancelled = 7,
    failed = 8,  // Every piece is over, and at least one could not be made.
};
inline constexpr int job_step_count = 8;

struct JobTurn {
    JobState from;
    JobStep step;
    JobState to;
    std::string_view who;
    std::string_view guard;
};
[[nodiscard]] std::span<const JobTurn> job_turns();

[[nodiscard]] std::string_view to_string(JobStep step);

// The state that follows, or nothing when the step cannot happen in this state.
[[nodiscard]] std::optional<JobState> next_state(JobState state, JobStep step);

// The step that ends in this state, for the facts that name the state; nothing for the others.
[[nodiscard]] std::optional<JobStep> step_to(JobState state);

}  // namespace nearfab::router
