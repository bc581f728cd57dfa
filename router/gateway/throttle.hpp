// SPDX-License-Identifier: GPL-3.0-or-later
// throttle.hpp - how many requests one token, or one address, may make in a time.
//
// Pure: time comes in, on the boot clock. Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "router/core/rate_limit.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace nearfab::gateway {

class Throttle {
public:
    Throttle(double per_second, double burst);
    // Takes one; or says after how many seconds there is one again, and takes none.
    [[nodiscard]] std::optional<std::int64_t> take(const std::string& who, TimePoint now);
    // Those who have been quiet long enough are forgotten.
    void forget_quiet(TimePoint now);
    [[nodiscard]] std::size_t size() const { return buckets_.size(); }

private:
    router::Rate rate_;
    std::unordered_map<std::string, router::TokenBucket> buckets_;
};

}  // namespace nearfab::gateway
