// SPDX-License-Identifier: GPL-3.0-or-later
// dice.hpp - the only source of chance in a simulation: a seed gives the same story every time.

#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>

namespace nearfab::simulation {

// xorshift64* (Vigna 2016), seeded through the finaliser of splitmix64.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_{mixed(seed)} {}

    std::uint64_t next() {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return state_ * 0x2545F4914F6CDD1DULL;
    }
    // 0 .. limit - 1. REQUIRES: limit is not 0.
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    bool chance(double probability) {
        return static_cast<double>(next() >> 11U) * 0x1.0p-53 < probability;
    }
    // From `low` to `high`, both included.
    Duration between(Duration low, Duration high) {
        const auto span = static_cast<std::uint64_t>((high - low).count()) + 1;
        return low + Duration{static_cast<std::int64_t>(below(span))};
    }
    // Mostly short, sometimes ten times as long: the mean is about `mean`.
    Duration around(Duration mean) {
        const bool is_long = chance(0.05);
        return between(Duration{mean.count() / 10}, is_long ? mean * 10 : mean + mean / 2);
    }
    template <typename List>
    auto& of(List& list) {
        return list[static_cast<std::size_t>(below(list.size()))];
    }

private:
    static std::uint64_t mixed(std::uint64_t seed) {
        std::uint64_t z = seed + 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        z ^= z >> 31U;
        return z == 0 ? 1 : z;
    }

    std::uint64_t state_;
};

}  // namespace nearfab::simulation
