// SPDX-License-Identifier: GPL-3.0-or-later
// kind_set.hpp - a set of up to 128 kinds of machines.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace nearfab::router {

struct KindSet {
    static constexpr std::size_t kinds_max = 128;

    std::uint64_t low = 0;
    std::uint64_t high = 0;

    [[nodiscard]] static constexpr KindSet of(std::size_t kind) {
        const std::uint64_t bit = std::uint64_t{1} << (kind % 64);
        return kind < 64 ? KindSet{bit, 0} : KindSet{0, bit};
    }
    [[nodiscard]] static constexpr KindSet all() { return {~std::uint64_t{0}, ~std::uint64_t{0}}; }

    // REQUIRES: kind < kinds_max.
    [[nodiscard]] constexpr bool has(std::size_t kind) const {
        return (((kind < 64 ? low : high) >> (kind % 64)) & 1U) != 0;
    }
    [[nodiscard]] constexpr bool empty() const { return (low | high) == 0; }
    [[nodiscard]] constexpr bool meets(const KindSet& other) const {
        return ((low & other.low) | (high & other.high)) != 0;
    }
    [[nodiscard]] constexpr std::size_t size() const {
        return static_cast<std::size_t>(std::popcount(low) + std::popcount(high));
    }
    // The least. REQUIRES: !empty().
    [[nodiscard]] constexpr std::size_t first() const {
        return static_cast<std::size_t>(low != 0 ? std::countr_zero(low)
                                                 : 64 + std::countr_zero(high));
    }

    constexpr KindSet& operator|=(const KindSet& other) {
        low |= other.low;
        high |= other.high;
        return *this;
    }
    [[nodiscard]] friend constexpr KindSet operator&(const KindSet& a, const KindSet& b) {
        return {a.low & b.low, a.high & b.high};
    }
    friend constexpr bool operator==(const KindSet&, const KindSet&) = default;
};

}  // namespace nearfab::router
