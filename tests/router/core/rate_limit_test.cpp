// SPDX-License-Identifier: GPL-3.0-or-later
// How much one identity may ask for in a time.

#include "router/core/rate_limit.hpp"

#include <catch2/catch.hpp>

namespace nearfab::router {
namespace {

constexpr TimePoint start{std::chrono::hours{5}};
const IdentityId ada{"ada"};
const IdentityId bob{"bob"};

TEST_CASE("who was quiet may do a burst, then the rate holds", "[limits]") {
    RateLimit limit;
    const Rate rate{.burst = 3, .per_hour = 60};
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(limit.take(ada, rate, 1, start));
    const auto wait = limit.take(ada, rate, 1, start);
    REQUIRE(wait);
    CHECK(*wait == std::chrono::minutes{1});
    CHECK(limit.take(ada, rate, 1, start + *wait - Duration{1}));
    CHECK_FALSE(limit.take(ada, rate, 1, start + *wait));
    CHECK(limit.take(ada, rate, 1, start + *wait));
}

TEST_CASE("nobody pays for what somebody else does", "[limits]") {
    RateLimit limit;
    const Rate rate{.burst = 1, .per_hour = 1};
    CHECK_FALSE(limit.take(ada, rate, 1, start));
    CHECK(limit.take(ada, rate, 1, start));
    CHECK_FALSE(limit.take(bob, rate, 1, start));
}

TEST_CASE("a refusal costs nothing, and the wait it names is enough", "[limits]") {
    TokenBucket bucket;
    const Rate rate{.burst = 10, .per_hour = 7};
    CHECK_FALSE(bucket.take(rate, 10, start));
    for (const double cost : {0.5, 1.0, 3.3, 10.0, 25.0}) {
        const auto wait = bucket.take(rate, cost, start);
        REQUIRE(wait);
        TokenBucket later = bucket;
        CHECK_FALSE(later.take(rate, cost, start + *wait));
    }
}

TEST_CASE("thousands of names do not fill the memory for ever", "[limits]") {
    RateLimit limit;
    const Rate rate{.burst = 1, .per_hour = 3600};
    TimePoint now = start;
    for (int i = 0; i < 20'000; ++i, now += std::chrono::seconds{1})
        CHECK_FALSE(limit.take(IdentityId{"n" + std::to_string(i)}, rate, 1, now));
}

}  // namespace
}  // namespace nearfab::router
