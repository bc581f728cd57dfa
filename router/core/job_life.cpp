// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/job_life.hpp"

#include <array>

namespace nearfab::router {
namespace {

using J = JobState;
using T = JobStep;

// clang-format off
constexpr std::array<JobTurn, 18> table{{
    {J::analysing,     T::queued,    J::matching,      "analysis", "every part can be made"},
    {J::analysing,     T::rejected,  J::rejected,      "analysis", "a part cannot be read or made"},
    {J::analysing,     T::cancelled, J::cancelled,     "designer", ""},

    {J::matching,      T::placed,    J::in_production, "router", "a piece is offered"},
    {J::matching,      T::closed,    J::closed,        "router", "the last open piece is over"},
    {J::matching,      T::cancelled, J::cancelled,     "designer", "no piece was handed over"},
    {J::matching,      T::failed,    J::failed,        "router", "the last open piece is over"},

    {J::in_production, T::placed,    J::in_production, "router", "another piece is offered"},
    {J::in_production, T::back,      J::matching,      "router", "no piece is with a fab"},
    {J::in_production, T::ready,     J::ready,         "operator", "the last piece is inspected"},
    {J::in_production, T::closed,    J::closed,        "operator", "the last piece is over"},
    {J::in_production, T::cancelled, J::cancelled,     "designer", "no piece was handed over"},
    {J::in_production, T::failed,    J::failed,        "router", "the last piece is over"},

    {J::ready,         T::placed,    J::in_production, "router", "a piece is made again"},
    {J::ready,         T::back,      J::matching,      "operator", "the second look found a fault"},
    {J::ready,         T::closed,    J::closed,        "operator", "the last piece is handed over"},
    {J::ready,         T::cancelled, J::cancelled,     "designer", "no piece was handed over"},
    {J::ready,         T::failed,    J::failed,        "router", "the last piece is over"},
}};
// clang-format on

}  // namespace

std::span<const JobTurn> job_turns() {
    return table;
}

std::string_view to_string(JobStep step) {
    switch (step) {
        case JobStep::queued:
            return "queued";
        case JobStep::placed:
            return "placed";
        case JobStep::back:
            return "back";
        case JobStep::ready:
            return "ready";
        case JobStep::closed:
            return "closed";
        case JobStep::rejected:
            return "rejected";
        case JobStep::cancelled:
            return "cancelled";
        case JobStep::failed:
            return "failed";
    }
    return "unknown";
}

std::optional<JobState> next_state(JobState state, JobStep step) {
    for (const JobTurn& turn : table) {
        if (turn.from == state && turn.step == step) return turn.to;
    }
    return std::nullopt;
}

std::optional<JobStep> step_to(JobState state) {
    switch (state) {
        case JobState::ready:
            return JobStep::ready;
        case JobState::closed:
            return JobStep::closed;
        case JobState::rejected:
            return JobStep::rejected;
        case JobState::cancelled:
            return JobStep::cancelled;
        case JobState::failed:
            return JobStep::failed;
        case JobState::analysing:
        case JobState::matching:
        case JobState::in_production:
        case JobState::unknown:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace nearfab::router
