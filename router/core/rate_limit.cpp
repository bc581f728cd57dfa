// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/rate_limit.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace nearfab::router {
namespace {

constexpr double ms_per_hour = 3'600'000.0;
// Above so many, full buckets are forgotten: they are as good as new ones.
constexpr std::size_t buckets_kept = 1024;

}  // namespace

double TokenBucket::level(const Rate& rate, TimePoint now) const {
    const auto passed = static_cast<double>((now - at_).count());
    return rate.burst - std::max(0.0, used_ - passed * rate.per_hour / ms_per_hour);
}

bool TokenBucket::is_full(const Rate& rate, TimePoint now) const {
    return level(rate, now) >= rate.burst;
}

std::optional<Duration> TokenBucket::take(const Rate& rate, double cost, TimePoint now) {
    const double wanted = std::min(cost, rate.burst);
    const double there = level(rate, now);
    if (there >= wanted) {
        used_ = rate.burst - (there - wanted);
        at_ = now;
        return std::nullopt;
    }
    const double wait_ms = std::ceil((wanted - there) * ms_per_hour / rate.per_hour);
    return Duration{std::max<Duration::rep>(1, static_cast<Duration::rep>(wait_ms))};
}

std::optional<Duration> RateLimit::take(const IdentityId& who,
                                        const Rate& rate,
                                        double cost,
                                        TimePoint now) {
    if (buckets_.size() >= buckets_kept) {
        std::erase_if(buckets_, [&](const auto& b) { return b.second.is_full(rate, now); });
    }
    return buckets_[who].take(rate, cost, now);
}

}  // namespace nearfab::router
