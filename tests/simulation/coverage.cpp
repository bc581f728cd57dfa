// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/coverage.hpp"

#include "proto/model/job.hpp"

namespace nearfab::simulation {
namespace {

template <typename Take>
void each_job_step(const Take& take) {
    for (const router::JobTurn& turn : router::job_turns())
        take(turn.from, turn.step);
}

template <typename Take>
void each_work_step(const Take& take) {
    for (int s = 1; s <= static_cast<int>(WorkOrderState::failed_final); ++s) {
        for (int e = 1; e <= router::work_event_count; ++e) {
            const auto state = static_cast<WorkOrderState>(s);
            const auto event = static_cast<router::WorkEvent>(e);
            if (router::next_state(state, event)) take(state, event);
        }
    }
}

template <typename Take>
void each_attempt_step(const Take& take) {
    for (std::size_t s = 0; s < agent::stage_count; ++s) {
        for (std::size_t t = 0; t < agent::turn_count; ++t) {
            const auto stage = static_cast<agent::Stage>(s);
            const auto turn = static_cast<agent::Turn>(t);
            if (agent::next(stage, turn)) take(stage, turn);
        }
    }
}

}  // namespace

void Coverage::add(const Coverage& other) {
    for (const auto& [step, times] : other.job)
        job[step] += times;
    for (const auto& [step, times] : other.work_order)
        work_order[step] += times;
    for (const auto& [step, times] : other.attempt)
        attempt[step] += times;
}

std::size_t Coverage::possible() {
    std::size_t count = 0;
    each_job_step([&](auto, auto) { ++count; });
    each_work_step([&](auto, auto) { ++count; });
    each_attempt_step([&](auto, auto) { ++count; });
    return count;
}

std::size_t Coverage::taken() const {
    return possible() - missing().size();
}

std::vector<std::string> Coverage::missing() const {
    std::vector<std::string> missing;
    each_job_step([&](JobState state, router::JobStep step) {
        if (job.contains({state, step})) return;
        missing.push_back("job: " + nearfab::to_string(state) + ", " +
                          std::string{router::to_string(step)});
    });
    each_work_step([&](WorkOrderState state, router::WorkEvent event) {
        if (work_order.contains({state, event})) return;
        missing.push_back("work order: " + nearfab::to_string(state) + ", " +
                          std::string{router::to_string(event)});
    });
    each_attempt_step([&](agent::Stage stage, agent::Turn turn) {
        if (attempt.contains({stage, turn})) return;
        missing.push_back("attempt: " + std::string{agent::to_string(stage)} + ", " +
                          std::string{agent::to_string(turn)});
    });
    return missing;
}

}  // namespace nearfab::simulation
