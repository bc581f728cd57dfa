// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/recent_work.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

namespace nearfab::router {
namespace {

WallTime at(std::int64_t seconds) {
    return WallTime{std::chrono::seconds{seconds}};
}

TEST_CASE("recent work is the sum of what was given since a moment", "[shares]") {
    std::mt19937 random{7};
    RecentWork recent;
    std::vector<RecentWork::Share> all;
    std::int64_t now = 0;
    for (int step = 0; step < 2'000; ++step) {
        now += static_cast<std::int64_t>(random() % 3);
        const std::int64_t seconds = static_cast<std::int64_t>(random() % 5'000);
        recent.add({at(now), seconds});
        all.push_back({at(now), seconds});
        if (step % 50 == 49) {
            const WallTime oldest = at(now - 100);
            recent.forget_before(oldest);
            std::erase_if(all, [&](const auto& share) { return share.at < oldest; });
        }
        const WallTime since = at(now - static_cast<std::int64_t>(random() % 130));
        std::int64_t expected = 0;
        std::optional<WallTime> first;
        for (const RecentWork::Share& share : all) {
            if (share.at < since) continue;
            expected += share.seconds;
            if (!first) first = share.at;
        }
        REQUIRE(recent.seconds_since(since) == expected);
        REQUIRE(recent.first_since(since) == first);
    }
    const auto shares = recent.shares();
    CHECK(std::vector(shares.begin(), shares.end()) == all);
}

TEST_CASE("recent work that is forgotten or none is none", "[shares]") {
    RecentWork recent;
    CHECK(recent.seconds_since(at(0)) == 0);
    CHECK_FALSE(recent.first_since(at(0)));
    recent.add({at(10), 60});
    CHECK(recent.seconds_since(at(10)) == 60);
    CHECK(recent.seconds_since(at(11)) == 0);
    recent.forget_before(at(11));
    CHECK(recent.shares().empty());
    CHECK(recent == RecentWork{});
}

TEST_CASE("a share of an earlier moment than the last counts from the last", "[shares]") {
    RecentWork recent;
    recent.add({at(10), 60});
    recent.add({at(9), 1});
    CHECK(recent.seconds_since(at(10)) == 61);
}

TEST_CASE("what was forgotten does not tell two records apart", "[shares]") {
    RecentWork long_known;
    long_known.add({at(1), 5});
    long_known.add({at(2), 7});
    long_known.forget_before(at(2));
    RecentWork fresh;
    fresh.add({at(2), 7});
    CHECK(long_known == fresh);
    CHECK(long_known.seconds_since(at(0)) == 7);
}

}  // namespace
}  // namespace nearfab::router
