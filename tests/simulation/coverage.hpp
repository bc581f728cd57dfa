// SPDX-License-Identifier: GPL-3.0-or-later
// coverage.hpp - which steps of the state tables were really taken.

#pragma once

#include "node-agent/core/attempt.hpp"
#include "router/core/job_life.hpp"
#include "router/core/work_order.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::simulation {

struct Coverage {
    std::map<std::pair<JobState, router::JobStep>, std::size_t> job;
    std::map<std::pair<WorkOrderState, router::WorkEvent>, std::size_t> work_order;
    std::map<std::pair<agent::Stage, agent::Turn>, std::size_t> attempt;

    void add(const Coverage& other);
    // Steps in the tables, and those of them that were taken.
    [[nodiscard]] static std::size_t possible();
    [[nodiscard]] std::size_t taken() const;
    // "work order: reserved, inspected"
    [[nodiscard]] std::vector<std::string> missing() const;
};

}  // namespace nearfab::simulation
