// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/work_log.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace nearfab::router {

DayNumber day_of(WallTime steady) {
    return std::chrono::floor<std::chrono::days>(steady).time_since_epoch().count();
}

WallTime begin_of(DayNumber day) {
    return WallTime{std::chrono::duration_cast<Duration>(std::chrono::days{day})};
}

void WorkLog::add(WallTime steady, const DeliveredPiece& piece) {
    days_[day_of(steady)].add(piece);
    forget_old();
}

void WorkLog::restore(DayNumber day, WorkSums sums) {
    days_[day] = std::move(sums);
    forget_old();
}

// The last day decides, so the order in which days come does not matter.
void WorkLog::forget_old() {
    const DayNumber kept = days_.rbegin()->first - DayNumber{limits::report_days_max} + 1;
    days_.erase(days_.begin(), days_.lower_bound(kept));
}

// A day with many pieces has its sample up to a lower draw than a quiet one. Up to the lowest of
// these bounds every day's sample is complete, so what lies below it is even over all days.
WorkLog::Period WorkLog::over(DayNumber first, DayNumber last) const {
    Period period;
    std::uint64_t complete_to = std::numeric_limits<std::uint64_t>::max();
    const auto end = days_.upper_bound(last);
    for (auto day = days_.lower_bound(first); day != end; ++day) {
        const WorkSums& sums = day->second;
        period.sums.add_sums(sums);
        period.looked_at += sums.entries();
        period.sample.insert(period.sample.end(), sums.sample.begin(), sums.sample.end());
        if (sums.pieces > sums.sample.size()) {
            complete_to = std::min(complete_to, sums.sample.rbegin()->draw);
        }
    }
    std::erase_if(period.sample, [&](const SampledPiece& p) { return p.draw > complete_to; });
    std::sort(period.sample.begin(), period.sample.end());
    return period;
}

std::vector<ReportDay> WorkLog::by_day(DayNumber first, DayNumber last) const {
    std::vector<ReportDay> days;
    for (DayNumber day = first; day <= last; ++day) {
        ReportDay& row = days.emplace_back();
        const auto found = days_.find(day);
        if (found == days_.end()) continue;
        const WorkSums& sums = found->second;
        row.pieces = sums.pieces;
        row.machine_s = sums.machine_s;
        if (!sums.distances.empty()) row.median_km = percentile_km(sums.distances, 0.5);
    }
    return days;
}

}  // namespace nearfab::router
