// SPDX-License-Identifier: GPL-3.0-or-later
// Backups of a running router, and what a restored one does.

#include "tests/faults/faulty_network.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace nearfab::e2e {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("a backup of a running router is complete, and restored it begins a generation",
          "[faults]") {
    LoneRouter router;
    const std::string backup = (router.network.folder() / "backup").string();
    const Outcome first = router.tool({"backup", backup});
    INFO(first.err);
    REQUIRE(first.exit_code == 0);
    CHECK(has(first.out, "1 jobs"));
    REQUIRE(accepted(router.submit("second")));
    const Outcome second = router.tool({"backup", backup});
    INFO(second.err);
    REQUIRE(second.exit_code == 0);
    CHECK(has(second.out, "2 jobs"));
    REQUIRE(accepted(router.submit("third")));

    const Outcome busy = router.tool({"restore", backup});
    CHECK(busy.exit_code != 0);
    CHECK(has(busy.err, "another process uses"));
    REQUIRE(router.network.router.stop() == 0);
    const Outcome restored = router.tool({"restore", backup});
    INFO(restored.err);
    REQUIRE(restored.exit_code == 0);
    CHECK(has(restored.out, "generation 1"));
    CHECK(fs::exists(router.state() / "journal.before-generation-1"));
    router.network.start_router();
    REQUIRE(router.answers());
    CHECK(router.jobs() == 2);
    // The job that the backup lacks is submitted again, and is the same job.
    CHECK(accepted(router.submit("third")));
    CHECK(router.jobs() == 3);
    CHECK(has(router.network.log_of("router"), "restored records, generation 1"));
}

TEST_CASE("a journal put in by hand is not taken for the last one", "[faults]") {
    LoneRouter router;
    REQUIRE(router.network.router.stop() == 0);
    fs::remove(router.state() / "generation");
    router.network.start_router();
    CHECK(router.network.router.wait() != 0);
    CHECK(has(router.network.log_of("router"), "is the journal a copy of an older one?"));
}

TEST_CASE("a router goes on from a snapshot made beside it", "[faults]") {
    LoneRouter router;
    REQUIRE(accepted(router.submit("second")));
    const Outcome made = router.tool({"compact"});
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    REQUIRE(accepted(router.submit("third")));
    router.network.router.kill();
    router.network.start_router();
    REQUIRE(router.answers());
    CHECK(router.jobs() == 3);
    CHECK(accepted(router.submit("second")));  // Known, from the snapshot.
    CHECK(router.jobs() == 3);
    const Outcome verified = router.tool({"verify"});
    INFO(verified.err);
    CHECK(verified.exit_code == 0);
    CHECK(has(verified.out, "3 jobs"));
}

}  // namespace
}  // namespace nearfab::e2e
