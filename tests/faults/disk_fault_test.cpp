// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that is full, that fails, that has changed what lies on it.

#include "tests/faults/faulty_network.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sched.h>
#include <sstream>
#include <sys/mount.h>
#include <unistd.h>

namespace nearfab::e2e {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// From here on, what is mounted is seen by this process and its children only.
bool may_mount() {
    return ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// A file system of so many MiB.
bool mount_small(const fs::path& directory, const std::string& size) {
    return ::mount("none", directory.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
}

std::string bytes_of(const fs::path& file) {
    std::ostringstream bytes;
    bytes << std::ifstream{file, std::ios::binary}.rdbuf();
    return bytes.str();
}

TEST_CASE("a full disk refuses new jobs with a reason, and room made is found again", "[faults]") {
    if (!may_mount()) {
        WARN("skipped: mounting a small file system needs root");
        return;
    }
    LoneRouter router;
    router.network.router.kill();
    const fs::path small = router.network.folder() / "small";
    fs::create_directory(small);
    REQUIRE(mount_small(small, "16m"));
    fs::create_directory(small / "state");
    fs::permissions(small / "state", fs::perms::owner_all);
    fs::copy(router.state() / "designs", small / "state/designs", fs::copy_options::recursive);
    router.configure("journal_file_mb = 1\nreserve_mb = 2");
    // Another state directory: the journal begins anew there.
    std::string text = "state_directory = \"small/state\"";
    {
        const fs::path file = router.network.folder() / "router.toml";
        std::string changed = bytes_of(file);
        const std::string before = "state_directory = \"router\"";
        changed.replace(changed.find(before), before.size(), text);
        std::ofstream{file} << changed;
    }
    router.network.start_router();
    const Outcome before = router.submit("before");
    INFO(before.err);
    REQUIRE(accepted(before));
    const fs::path filler = small / "filler";
    {
        std::ofstream out{filler};
        const std::string block(1 << 16, 'f');
        while (out.write(block.data(), static_cast<std::streamsize>(block.size())) && out.flush()) {
        }
    }
    Outcome refused;
    int tried = 0;  // The router looks at its disk now and then; what it has taken stays taken.
    REQUIRE(router.network.until([&] {
        refused = router.submit("full" + std::to_string(++tried));
        return !accepted(refused);
    }));
    INFO(refused.err);
    CHECK(has(refused.err, "disk is nearly full"));
    CHECK(has(refused.err, "jobs already accepted go on"));
    CHECK(router.jobs() >= 1);  // It still answers.
    const Outcome compacted = router.tool({"compact"});
    INFO(compacted.err);
    CHECK(compacted.exit_code != 0);
    CHECK(has(compacted.err, "is nearly full"));
    for (const auto& file : fs::directory_iterator{small / "state/journal"})
        CHECK_FALSE(has(file.path().filename().string(), "snapshot-"));
    fs::remove(filler);
    CHECK(router.network.until([&] { return accepted(router.submit("after")); }));
    CHECK(router.tool({"compact"}).exit_code == 0);
    router.network.router.kill();
    ::umount2(small.c_str(), MNT_DETACH);
}

TEST_CASE("a router whose sync fails stops, and starts again from what is there", "[faults]") {
    if (!can_trace()) return;
    LoneRouter router;
    router.network.router.kill();
    router.network.router_under = {"/usr/bin/strace",
                                   "-D",  // See kill_test.cpp.
                                   "-f",
                                   "-qq",
                                   "-o",
                                   "/dev/null",
                                   "-e",
                                   "trace=fdatasync",
                                   "-e",
                                   "inject=fdatasync:error=EIO:when=3+"};
    router.network.start_router();
    // Each thread's calls are counted apart, so a few jobs may pass before a sync fails.
    int told = 0;
    while (told < 20 && accepted(router.submit("lost" + std::to_string(told))))
        ++told;
    const int code = router.network.router.wait();
    CHECK(code != 0);
    const std::string log = router.network.log_of("router");
    INFO(log);
    CHECK(has(log, "Input/output error"));
    CHECK(has(log, "check the disk's health"));
    router.network.router_under = {};
    router.network.start_router();
    REQUIRE(router.answers());
    // What was told is kept; the last one may be there or not, and submitted again it is the same.
    const std::size_t kept = 1 + static_cast<std::size_t>(told);
    CHECK(router.jobs() >= kept);
    CHECK(accepted(router.submit("lost" + std::to_string(told))));
    CHECK(router.jobs() == kept + 1);
}

TEST_CASE("a router does not start on a damaged journal, and says where", "[faults]") {
    LoneRouter router;
    REQUIRE(router.network.router.stop() == 0);
    // In the record of the job, however far the router had come with it.
    std::string bytes = bytes_of(router.log());
    const std::size_t place = bytes.find("ada");
    REQUIRE(place != std::string::npos);
    bytes[place] = static_cast<char>(bytes[place] ^ 8);
    std::ofstream{router.log(), std::ios::binary} << bytes;
    router.network.start_router();
    CHECK(router.network.router.wait() != 0);
    const std::string log = router.network.log_of("router");
    INFO(log);
    CHECK(has(log, "is damaged at byte"));
    CHECK(has(log, "restore the last backup"));
    const Outcome verified = router.tool({"verify"});
    CHECK(verified.exit_code != 0);
    CHECK(has(verified.err, "is damaged at byte"));
    CHECK(has(verified.err, "next: check the disk"));
}

}  // namespace
}  // namespace nearfab::e2e
