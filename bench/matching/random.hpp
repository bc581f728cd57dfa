// SPDX-License-Identifier: GPL-3.0-or-later
// random.hpp - the same numbers on every platform, from a seed.
//
// The generator is SplitMix64 (Steele, Lea and Flood 2014). Its distributions use whole numbers and
// comparisons only, because the mathematical functions of C differ in their last digit.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace nearfab::bench {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next();

    // Evenly in [0, bound); bound is at least 1.
    std::uint32_t below(std::uint32_t bound);

    // True in `share` of 1,000,000 cases.
    bool happens(std::uint32_t share_ppm) { return below(1'000'000) < share_ppm; }

    // Bell-shaped around 0, cut at six sigma: the sum of twelve even draws (Irwin and Hall).
    // |sigma| is at most 100,000,000.
    std::int64_t normal(std::int64_t sigma);

    // Exponential with this mean, by von Neumann's game of descending runs (1951). The mean is at
    // most 1,000,000,000.
    std::int64_t exponential(std::int64_t mean);

    // The place of a weight, each as likely as its share of `total`, the sum of all weights.
    std::size_t weighted(std::span<const std::uint32_t> weights, std::uint32_t total);

private:
    std::uint64_t state_;
};

}  // namespace nearfab::bench
