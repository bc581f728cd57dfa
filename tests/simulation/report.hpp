// SPDX-License-Identifier: GPL-3.0-or-later
// report.hpp - many seeds, and the figures of all of them.

#pragma once

#include "tests/simulation/world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::simulation {

struct Campaign {
    std::optional<std::uint64_t> only;  // One seed, with its story.
    std::uint64_t first = 1;
    std::uint64_t seeds = 1000;
    double minutes = 0;  // Of real time; 0: no limit.
    std::string json;    // A file for the figures; empty: none.
    bool stop_at_first = false;
};

struct Figures {
    std::uint64_t seeds = 0;
    std::vector<std::pair<std::uint64_t, std::string>> violations;
    double simulated_hours = 0;
    FaultCounts faults{};
    Coverage coverage;
    std::uint64_t steps = 0;
    std::uint64_t pieces = 0;
    std::uint64_t beside_others = 0;

    void add(const Outcome& outcome);
};

// 0: nothing was violated; 1: something was.
int run(const Campaign& campaign);

[[nodiscard]] std::string to_text(const Figures& figures, double seconds);
[[nodiscard]] std::string to_json(const Figures& figures, double seconds);

}  // namespace nearfab::simulation
