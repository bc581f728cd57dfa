// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/signals.hpp"

#include <catch2/catch.hpp>

#include <poll.h>

namespace nearfab {
namespace {

TEST_CASE("a signal becomes readable instead of ending the program", "[host]") {
    auto watch = SignalWatch::open();
    REQUIRE(watch);
    CHECK(*watch->read() == std::nullopt);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        ::raise(signal);
        pollfd waiting{watch->descriptor(), POLLIN, 0};
        CHECK(::poll(&waiting, 1, 0) == 1);
        CHECK(*watch->read() == signal);
        CHECK(*watch->read() == std::nullopt);
    }
}

TEST_CASE("the signal mask is as before when the watch is gone", "[host]") {
    sigset_t mask;
    {
        const auto watch = SignalWatch::open();
        REQUIRE(watch);
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        CHECK(sigismember(&mask, SIGTERM) == 1);
    }
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    CHECK(sigismember(&mask, SIGTERM) == 0);
}

}  // namespace
}  // namespace nearfab
