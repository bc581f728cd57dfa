// SPDX-License-Identifier: GPL-3.0-or-later
// waiting_tally.hpp - how many jobs and pieces wait, and for what, counted as it changes.

#pragma once

#include "proto/model/report.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace nearfab::router {

struct WorkOrder;

// What a queued work order waits for.
[[nodiscard]] WaitsFor waits_for(const WorkOrder& queued);

// Of one job: its queued pieces by what they wait for.
using WaitingPieces = std::array<std::uint16_t, waits_for_count>;

class WaitingTally {
public:
    struct Count {
        std::uint32_t jobs = 0;
        std::uint32_t pieces = 0;
        friend bool operator==(const Count&, const Count&) = default;
    };
    // One more piece of a job, or one fewer; keeps the job's own counts.
    void count(WaitingPieces& of_job, WaitsFor what, bool more);

    [[nodiscard]] const Count& of(WaitsFor what) const {
        return by_reason_[static_cast<std::size_t>(what)];
    }
    // A job counts once, whatever its pieces wait for.
    [[nodiscard]] const Count& all() const { return all_; }
    friend bool operator==(const WaitingTally&, const WaitingTally&) = default;

private:
    std::array<Count, waits_for_count> by_reason_{};
    Count all_;
};

}  // namespace nearfab::router
