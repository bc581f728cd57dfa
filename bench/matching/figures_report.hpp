// SPDX-License-Identifier: GPL-3.0-or-later
// figures_report.hpp - the figures of all engines as text, JSON and a picture.

#pragma once

#include "bench/matching/measure.hpp"
#include <span>
#include <string>

namespace nearfab::bench {

// Tables for a terminal, then bars of the mixed class on a logarithmic scale.
[[nodiscard]] std::string text_report(std::span<const EngineFigures> engines, std::size_t machines);

// {"machines": N, "classes": {"common": {"queries_per_s", "p50_us", "p99_us"}, ...},
//  "updates_per_s", "bytes_per_machine", "peers": {"boost_rtree": {"common": {...}, ...}, ...}},
// what nearfab notes of each fab beside its trees "record_bytes_per_machine", for single changes
// "update", "arrival" and "leave_and_return": {"p50_us", "p99_us", "max_us"}, for whole answers
// "in_full" and "in_full_with_plan", like "classes". The figures outside "peers" are nearfab's;
// they are absent if its engine did not run.
[[nodiscard]] std::string json_report(std::span<const EngineFigures> engines, std::size_t machines);

// Bars of all classes, engines beside each other, on a logarithmic scale.
[[nodiscard]] std::string svg_report(std::span<const EngineFigures> engines, std::size_t machines);

}  // namespace nearfab::bench
