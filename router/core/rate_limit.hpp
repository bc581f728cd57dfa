// SPDX-License-Identifier: GPL-3.0-or-later
// rate_limit.hpp - how much of something one identity may ask for in a time: token buckets.
//
// A bucket holds at most `burst` tokens and gets `per_hour` new ones evenly; each request costs
// some. Who has been quiet may do a burst, who never stops gets the rate. One identity's bucket is
// not touched by what others do. Nothing here is durable: a restart fills all buckets.
//
// Pure: time comes in, on the boot clock.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

#include <map>
#include <optional>

namespace nearfab::router {

struct Rate {
    double burst = 1;     // Tokens, more than 0.
    double per_hour = 1;  // Tokens, more than 0.
};

class TokenBucket {
public:
    // Takes the tokens; or says after how long there will be enough, and takes none. What costs
    // more than a full bucket costs a full bucket.
    [[nodiscard]] std::optional<Duration> take(const Rate& rate, double cost, TimePoint now);

    [[nodiscard]] bool is_full(const Rate& rate, TimePoint now) const;

private:
    [[nodiscard]] double level(const Rate& rate, TimePoint now) const;

    double used_ = 0;  // Below a full bucket, at `at_`.
    TimePoint at_;
};

// One bucket for each identity.
class RateLimit {
public:
    [[nodiscard]] std::optional<Duration> take(const IdentityId& who,
                                               const Rate& rate,
                                               double cost,
                                               TimePoint now);

private:
    std::map<IdentityId, TokenBucket> buckets_;
};

}  // namespace nearfab::router
