// SPDX-License-Identifier: GPL-3.0-or-later
// scene.hpp - what everybody in a simulation shares: the true time, chance, and who is watching.

#pragma once

#include "tests/simulation/coverage.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/fault.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/setting.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nearfab::simulation {

using Bytes = std::vector<std::uint8_t>;

struct Scene {
    explicit Scene(std::uint64_t seed, bool is_loud = false)
        : dice{seed}, setting{draw_setting(dice)}, loud{is_loud} {}

    // Does this fault strike on this occasion? Never after the storm.
    bool strikes(Fault fault) {
        if (!stormy || !dice.chance(setting.of(fault))) return false;
        count(fault);
        return true;
    }
    void count(Fault fault) { ++faults[static_cast<std::size_t>(fault)]; }
    // A line of the story, when somebody reads it; always part of its fingerprint.
    void tell(const std::string& line);

    TimePoint now{};
    Dice dice;
    Setting setting;
    bool stormy = true;
    bool loud = false;
    FaultCounts faults{};
    Oracle oracle;
    Coverage coverage;
    std::uint64_t fingerprint = 0;
    std::uint64_t steps = 0;
};

}  // namespace nearfab::simulation
