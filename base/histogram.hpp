// SPDX-License-Identifier: GPL-3.0-or-later
// histogram.hpp - how often something took how long, in a few counted steps.

#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nearfab {

// `bounds` are seconds, rising; what takes exactly as long as a bound counts below it.
template <std::size_t Steps>
class Histogram {
public:
    using Seconds = std::chrono::duration<double>;

    explicit constexpr Histogram(const std::array<double, Steps>& bounds) : bounds_{bounds} {}

    void add(Seconds took) {
        const auto step = std::lower_bound(bounds_.begin(), bounds_.end(), took.count());
        ++counts_[static_cast<std::size_t>(step - bounds_.begin())];
        sum_ += took;
    }

    [[nodiscard]] const std::array<double, Steps>& bounds() const { return bounds_; }
    // Of each step alone; the last one has no bound.
    [[nodiscard]] const std::array<std::uint64_t, Steps + 1>& counts() const { return counts_; }
    [[nodiscard]] Seconds sum() const { return sum_; }

private:
    std::array<double, Steps> bounds_;
    std::array<std::uint64_t, Steps + 1> counts_{};
    Seconds sum_{};
};

}  // namespace nearfab
