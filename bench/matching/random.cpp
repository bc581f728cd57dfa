// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/random.hpp"

namespace nearfab::bench {

std::uint64_t Random::next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

std::uint32_t Random::below(std::uint32_t bound) {
    // The bias is below bound / 2^32, which no figure here can show.
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
}

std::int64_t Random::normal(std::int64_t sigma) {
    // In units of 2^-24 of sigma; twelve even draws have variance 1.
    std::int64_t sum = 0;
    for (int i = 0; i < 12; ++i)
        sum += static_cast<std::int64_t>(next() >> 40U);
    const std::int64_t centred = sum - (std::int64_t{6} << 24U);
    return centred * sigma / (std::int64_t{1} << 24U);
}

std::int64_t Random::exponential(std::int64_t mean) {
    // A run of draws, each smaller than the one before, has an odd length with probability
    // exp(-first draw); each even run before it adds one whole mean.
    for (std::int64_t whole = 0;; ++whole) {
        const std::uint64_t first = next() >> 32U;
        std::uint64_t last = first;
        bool odd = true;
        for (std::uint64_t draw = next() >> 32U; draw < last; draw = next() >> 32U) {
            last = draw;
            odd = !odd;
        }
        if (odd) {
            return whole * mean +
                   static_cast<std::int64_t>((first * static_cast<std::uint64_t>(mean)) >> 32U);
        }
    }
}

std::size_t Random::weighted(std::span<const std::uint32_t> weights, std::uint32_t total) {
    std::uint32_t rest = below(total);
    std::size_t place = 0;
    while (place + 1 < weights.size() && rest >= weights[place])
        rest -= weights[place++];
    return place;
}

}  // namespace nearfab::bench
