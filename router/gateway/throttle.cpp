// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/throttle.hpp"

#include <algorithm>
#include <chrono>

namespace nearfab::gateway {
namespace {

// Whoever comes from ever new addresses does not fill the memory: the oldest are looked through.
constexpr std::size_t buckets_max = 50'000;

}  // namespace

Throttle::Throttle(double per_second, double burst)
    : rate_{.burst = burst, .per_hour = per_second * 3600} {}

std::optional<std::int64_t> Throttle::take(const std::string& who, TimePoint now) {
    if (buckets_.size() >= buckets_max) {
        forget_quiet(now);
        if (buckets_.size() >= buckets_max) buckets_.clear();
    }
    const auto wait = buckets_[who].take(rate_, 1, now);
    if (!wait) return std::nullopt;
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(*wait).count());
}

void Throttle::forget_quiet(TimePoint now) {
    std::erase_if(buckets_, [&](const auto& bucket) { return bucket.second.is_full(rate_, now); });
}

}  // namespace nearfab::gateway
