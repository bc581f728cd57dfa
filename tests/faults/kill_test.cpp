// SPDX-License-Identifier: GPL-3.0-or-later
// Killed at the n-th call that changes the disk, for every n: nothing that was answered is lost.

#include "tests/faults/faulty_network.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::e2e {
namespace {

constexpr const char* calls =
    "pwrite64,fdatasync,fsync,rename,renameat,renameat2,unlink,ftruncate,fallocate";

std::vector<std::string> killer(int when) {
    // -D: what is started here is the router itself, so it is the one that kill() ends.
    return {"/usr/bin/strace",
            "-D",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            std::string{"trace="} + calls,
            "-e",
            std::string{"inject="} + calls + ":signal=KILL:when=" + std::to_string(when)};
}

TEST_CASE("a router killed at any call that changes the disk keeps what it answered", "[faults]") {
    if (!can_trace()) return;
    LoneRouter router;
    std::size_t answered = 1;
    int survived = 0;
    int died = 0;
    // Its start makes calls as well; each thread counts its own.
    for (int when = 1; when <= 40 && survived < 2; ++when) {
        INFO("call " << when);
        router.network.router.kill();
        router.network.router_under = killer(when);
        router.network.start_router();
        const std::string key = "killed-" + std::to_string(when);
        const Outcome first = router.submit(key);
        const bool lives =
            router.network.nearfab({"status", "--timeout-connect", "1s"}).exit_code == 0;
        survived += lives ? 1 : 0;
        died += lives ? 0 : 1;
        router.network.router.kill();
        router.network.router_under = {};
        router.network.start_router();
        REQUIRE(router.answers());
        if (accepted(first)) ++answered;
        REQUIRE(router.jobs() >= answered);
        // The designer's program says it again with the same key: the same job, not a second one.
        const Outcome again = router.submit(key);
        INFO(again.err);
        REQUIRE(accepted(again));
        if (!accepted(first)) ++answered;
        REQUIRE(router.jobs() == answered);
    }
    CHECK(died > 3);
    CHECK(survived > 0);
    const Outcome verified = router.tool({"verify"});
    INFO(verified.err);
    CHECK(verified.exit_code == 0);
}

}  // namespace
}  // namespace nearfab::e2e
