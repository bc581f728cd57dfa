// SPDX-License-Identifier: GPL-3.0-or-later
// work_log.hpp - what was handed over, day by day.
//
// A report over any days adds up the sums of these days, so it costs the more the more days, fabs
// and kinds of work they hold, and the same for ten pieces as for a million. Days are whole days of
// steady time (router/core/ledger.hpp); so many are kept as a report may ask for.

#pragma once

#include "base/clock.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/report.hpp"
#include "router/report/work_sums.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace nearfab::router {

using DayNumber = std::int64_t;  // Days since 1970.
[[nodiscard]] DayNumber day_of(WallTime steady);
[[nodiscard]] WallTime begin_of(DayNumber day);

class WorkLog {
public:
    void add(WallTime steady, const DeliveredPiece& piece);
    // From a snapshot.
    void restore(DayNumber day, WorkSums sums);

    struct Period {
        WorkSums sums;  // Without a sample.
        // An even sample of its pieces, lowest draw first.
        std::vector<SampledPiece> sample;
        std::size_t looked_at = 0;  // Entries of sums.
    };
    // Both days are part of it.
    [[nodiscard]] Period over(DayNumber first, DayNumber last) const;
    // Each of these days by itself, those without a piece too.
    [[nodiscard]] std::vector<ReportDay> by_day(DayNumber first, DayNumber last) const;

    [[nodiscard]] const std::map<DayNumber, WorkSums>& days() const { return days_; }
    friend bool operator==(const WorkLog&, const WorkLog&) = default;

private:
    void forget_old();

    std::map<DayNumber, WorkSums> days_;
};

}  // namespace nearfab::router
