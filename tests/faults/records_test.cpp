// SPDX-License-Identifier: GPL-3.0-or-later
// Backups of a running router, and what a restored one does.

#include "tests/faults/faulty_network.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <functional>

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

// strace counts each kind of call apart.
constexpr std::array calls_that_change{"mkdir",
                                       "rename",
                                       "renameat2",
                                       "unlink",
                                       "unlinkat",
                                       "pwrite64",
                                       "fsync",
                                       "fdatasync",
                                       "ftruncate",
                                       "fchmod",
                                       "chmod",
                                       "copy_file_range",
                                       "sendfile"};

std::vector<std::string> killer(const std::string& call, int when) {
    // LeakSanitizer cannot work beside strace, and ends a program that did well.
    return {"/usr/bin/env",
            "ASAN_OPTIONS=detect_leaks=0",
            "/usr/bin/strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + call,
            "-e",
            "inject=" + call + ":signal=KILL:when=" + std::to_string(when)};
}

// Runs it again and again, killed before each of its calls that change the disk. How often it was.
int kill_everywhere(const std::function<bool(std::vector<std::string> under)>& lives) {
    int killed = 0;
    for (const char* call : calls_that_change) {
        int when = 1;
        while (!lives(killer(call, when)) && when < 200)
            ++when;
        REQUIRE(when < 200);
        killed += when - 1;
    }
    return killed;
}

TEST_CASE("a restore that is killed anywhere leaves the old records or the new ones", "[faults]") {
    if (!can_trace()) return;
    LoneRouter router;
    const fs::path backup = router.network.folder() / "backup";
    REQUIRE(router.tool({"backup", backup.string()}).exit_code == 0);
    REQUIRE(accepted(router.submit("second")));
    REQUIRE(router.network.router.stop() == 0);
    const fs::path before = router.network.folder() / "before";
    fs::copy(router.state(), before, fs::copy_options::recursive);
    int old_ones = 0;
    int new_ones = 0;
    const int killed = kill_everywhere([&](std::vector<std::string> under) {
        INFO(under.back());
        fs::remove_all(router.state());
        fs::copy(before, router.state(), fs::copy_options::recursive);
        const Outcome outcome = router.tool({"restore", backup.string()}, std::move(under));
        const Outcome verified = router.tool({"verify"});
        INFO(verified.out << verified.err);
        REQUIRE(verified.exit_code == 0);
        const bool is_new = has(verified.out, "1 jobs");
        REQUIRE((is_new || has(verified.out, "2 jobs")));
        ++(is_new ? new_ones : old_ones);
        // The new records never run in the old generation.
        CHECK((!is_new || has(verified.out, "generation 1")));
        // Said again, it does what it should have done.
        const Outcome again = router.tool({"restore", backup.string()});
        INFO(again.err);
        REQUIRE(again.exit_code == 0);
        return outcome.exit_code == 0;
    });
    INFO(killed << " kills, " << old_ones << " left the old records");
    CHECK(killed > 20);
    CHECK(old_ones > 15);
    // More than those that nothing killed.
    CHECK(new_ones > static_cast<int>(calls_that_change.size()));
    router.network.start_router();
    REQUIRE(router.answers());
    CHECK(router.jobs() == 1);
}

TEST_CASE("a backup that is killed anywhere leaves a backup", "[faults]") {
    if (!can_trace()) return;
    LoneRouter router;
    const fs::path backup = router.network.folder() / "backup";
    REQUIRE(router.tool({"backup", backup.string()}).exit_code == 0);
    REQUIRE(accepted(router.submit("second")));
    const fs::path before = router.network.folder() / "before";
    fs::copy(backup, before, fs::copy_options::recursive);
    int old_ones = 0;
    int new_ones = 0;
    const int killed = kill_everywhere([&](std::vector<std::string> under) {
        INFO(under.back());
        fs::remove_all(backup);
        fs::copy(before, backup, fs::copy_options::recursive);
        const Outcome outcome = router.tool({"backup", backup.string()}, std::move(under));
        // A backup is a state directory as well.
        const Outcome verified = router.tool({"verify"}, {}, backup);
        INFO(verified.out << verified.err);
        REQUIRE(verified.exit_code == 0);
        const bool is_new = has(verified.out, "2 jobs");
        REQUIRE((is_new || has(verified.out, "1 jobs")));
        ++(is_new ? new_ones : old_ones);
        return outcome.exit_code == 0;
    });
    INFO(killed << " kills, " << old_ones << " left the old backup");
    CHECK(killed > 20);
    CHECK(old_ones > 15);
    CHECK(new_ones > static_cast<int>(calls_that_change.size()));
    CHECK_FALSE(fs::exists(backup / "journal.old"));
}

TEST_CASE("a router whose journal is gone does not begin anew", "[faults]") {
    LoneRouter router;
    REQUIRE(router.network.router.stop() == 0);
    fs::remove_all(router.state() / "journal");
    router.network.start_router();
    CHECK(router.network.router.wait() != 0);
    const std::string log = router.network.log_of("router");
    INFO(log);
    CHECK(has(log, "router/journal is missing"));
    CHECK(has(log, "nearfab-router restore DIR"));
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
