// SPDX-License-Identifier: GPL-3.0-or-later
// distance_steps.hpp - distances cut off after three digits, as whole numbers that can be counted.
//
//     below 10 km      steps of 10 m       0 ..  999
//     below 100 km     steps of 100 m   1000 .. 1899
//     below 1000 km    steps of 1 km    1900 .. 2799
//     beyond           steps of 10 km   2800 .. 4710
//
// So the distances of a million pieces are at most 4711 counts, sums of days are sums of counts,
// and a percentile is right to three digits. The bounds of the report's histogram are bounds of
// steps, so it is exact.

#pragma once

#include "proto/model/report.hpp"

#include <cstdint>
#include <map>

namespace nearfab::router {

using DistanceStep = std::uint16_t;
inline constexpr DistanceStep distance_step_max = 4710;

// REQUIRES: not negative. What is farther than limits::distance_km_max counts as that.
[[nodiscard]] DistanceStep distance_step(double km);
// Where the step begins.
[[nodiscard]] double km_of(DistanceStep step);

using DistanceTally = std::map<DistanceStep, std::uint64_t>;

// The distance at which at least this part (0 < part <= 1) of all is reached: the nearest rank.
// 0 of nothing.
[[nodiscard]] double percentile_km(const DistanceTally& tally, double part);
[[nodiscard]] DistanceReport distance_report(const DistanceTally& tally, std::uint64_t unknown);

}  // namespace nearfab::router
