// SPDX-License-Identifier: GPL-3.0-or-later
// setting.hpp - what a seed makes of the world: its size, its time-outs, its faults.
//
// Safety may depend on no time-out, so all of them are drawn anew for each seed; and each seed has
// its own choice of faults, because faults that are always there hide each other.

#pragma once

#include "base/clock.hpp"
#include "node-agent/core/options.hpp"
#include "router/core/router.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/fault.hpp"

#include <array>
#include <cstddef>

namespace nearfab::simulation {

struct Setting {
    std::size_t fabs = 3;
    std::size_t machines_per_fab = 2;
    std::size_t designers = 2;
    std::size_t jobs = 5;
    Duration storm = std::chrono::hours{2};  // Faults and new jobs happen this long.
    // After it: work that can be done is done so soon, and nobody waits longer for the rest.
    Duration hope = std::chrono::hours{16};
    Duration patience = std::chrono::hours{100};  // Everything must have ended by then.
    Duration latency = std::chrono::milliseconds{40};
    Duration poll = std::chrono::seconds{5};  // An agent looks at its machines.
    Duration poll_when_calm = std::chrono::minutes{1};
    Duration visits = std::chrono::minutes{15};  // Operators come at least so often.
    Duration making = std::chrono::minutes{20};
    Duration sync = std::chrono::milliseconds{30};  // A commit of the router takes up to so long.
    std::uint64_t snapshot_after =
        UINT64_MAX;  // Bytes of facts; then the router's log is compacted.
    std::size_t queue_bytes_max = std::size_t{4} << 20U;  // What one peer may make the router hold.
    Duration keepalive = std::chrono::seconds{10};
    Duration silence = std::chrono::seconds{35};
    router::RouterOptions router;
    agent::Intervals intervals;
    // Probability per occasion, or weight among the faults that come by themselves.
    std::array<double, fault_count> rate{};
    Duration between_strikes = std::chrono::minutes{4};

    [[nodiscard]] double of(Fault fault) const { return rate[static_cast<std::size_t>(fault)]; }
};

[[nodiscard]] Setting draw_setting(Dice& dice);

}  // namespace nearfab::simulation
