// SPDX-License-Identifier: GPL-3.0-or-later
// Killed at every call of each kind that changes the disk: nothing that was answered is lost.

#include "tests/faults/faulty_network.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <vector>

namespace nearfab::e2e {
namespace {

// strace counts each call by its name and thread, so the kinds take turns: in one list, the n-th
// write would always come before the n-th rename, and no rename would ever be the last call.
constexpr std::array<const char*, 6> kinds{
    "pwrite64", "fdatasync", "fsync", "rename,renameat,renameat2", "unlink", "ftruncate,fallocate"};

std::vector<std::string> killer(const std::string& calls, int when) {
    // -D: what is started here is the router itself, so it is the one that kill() ends.
    return {"/usr/bin/strace",
            "-D",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + calls,
            "-e",
            "inject=" + calls + ":signal=KILL:when=" + std::to_string(when)};
}

// A router that is killed at its n-th call of a kind while it starts and a designer submits.
class KilledRouter {
public:
    // False when it made fewer such calls and lives.
    bool dies_at(const char* kind, int when) {
        router_.network.router.kill();
        router_.network.router_under = killer(kind, when);
        router_.network.start_router();
        const std::string key = std::string{kind} + "-" + std::to_string(when);
        const Outcome first = router_.submit(key);
        const bool lives =
            router_.network.nearfab({"status", "--timeout-connect", "1s"}).exit_code == 0;
        router_.network.router.kill();
        router_.network.router_under = {};
        router_.network.start_router();
        REQUIRE(router_.answers());
        if (accepted(first)) ++answered_;
        REQUIRE(router_.jobs() >= answered_);
        // The designer's program says it again with the same key: the same job, not a second one.
        const Outcome again = router_.submit(key);
        INFO(again.err);
        REQUIRE(accepted(again));
        if (!accepted(first)) ++answered_;
        REQUIRE(router_.jobs() == answered_);
        return !lives;
    }

    Outcome verify() { return router_.tool({"verify"}); }

private:
    LoneRouter router_;
    std::size_t answered_ = 1;
};

TEST_CASE("a router killed at any call that changes the disk keeps what it answered", "[faults]") {
    if (!can_trace()) return;
    KilledRouter router;
    int died = 0;
    for (const char* kind : kinds) {
        for (int when = 1; when <= 40; ++when) {
            INFO("call " << when << " of " << kind);
            if (!router.dies_at(kind, when)) break;
            ++died;
        }
    }
    INFO(died << " kills");
    CHECK(died > 8);
    const Outcome verified = router.verify();
    INFO(verified.err);
    CHECK(verified.exit_code == 0);
}

}  // namespace
}  // namespace nearfab::e2e
