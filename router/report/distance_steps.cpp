// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/distance_steps.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::router {
namespace {

struct Range {
    double from_km;
    double per_km;  // Steps.
    DistanceStep first;
};
constexpr std::array<Range, 4> ranges{
    {{0, 100, 0}, {10, 10, 1000}, {100, 1, 1900}, {1000, 0.1, 2800}}};

std::uint64_t count_of(const DistanceTally& tally) {
    std::uint64_t count = 0;
    for (const auto& [step, pieces] : tally)
        count += pieces;
    return count;
}

}  // namespace

DistanceStep distance_step(double km) {
    const double at = std::clamp(km, 0.0, limits::distance_km_max);
    const auto range = std::find_if(
        ranges.rbegin(), ranges.rend(), [at](const Range& r) { return at >= r.from_km; });
    // 3.29 km times 100 is a little less than 329.
    const double steps = std::floor((at - range->from_km) * range->per_km + 1e-9);
    return static_cast<DistanceStep>(range->first + static_cast<DistanceStep>(steps));
}

double km_of(DistanceStep step) {
    const auto range = std::find_if(
        ranges.rbegin(), ranges.rend(), [step](const Range& r) { return step >= r.first; });
    return range->from_km + static_cast<double>(step - range->first) / range->per_km;
}

double percentile_km(const DistanceTally& tally, double part) {
    const auto rank =
        static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_of(tally))));
    std::uint64_t reached = 0;
    for (const auto& [step, pieces] : tally) {
        reached += pieces;
        if (reached >= rank && reached > 0) return km_of(step);
    }
    return 0;
}

DistanceReport distance_report(const DistanceTally& tally, std::uint64_t unknown) {
    DistanceReport report;
    report.pieces = count_of(tally);
    report.unknown = unknown;
    report.median_km = percentile_km(tally, 0.5);
    report.p90_km = percentile_km(tally, 0.9);
    if (!tally.empty()) report.longest_km = km_of(tally.rbegin()->first);
    for (const auto& [step, pieces] : tally) {
        const auto above =
            std::upper_bound(report_bounds_km.begin(), report_bounds_km.end(), km_of(step));
        report.histogram[static_cast<std::size_t>(above - report_bounds_km.begin())] += pieces;
    }
    return report;
}

}  // namespace nearfab::router
