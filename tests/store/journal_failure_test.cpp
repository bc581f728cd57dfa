// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/file_descriptor.hpp"
#include "store/journal.hpp"
#include "tests/store/journal_samples.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <random>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nearfab {
namespace {

using test::open_journal;
using test::replay_all;
using test::sample_records;

TEST_CASE("a second opener is refused, in this process and in another", "[store]") {
    const test::ScratchDirectory scratch;
    const Journal journal = open_journal(scratch / "j");
    const auto second = Journal::open(scratch / "j", {.kind = "router"});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::conflict);
    CHECK_THAT(second.error().message, Catch::StartsWith("another process uses "));
    const pid_t child = ::fork();
    if (child == 0) {
        const auto third = Journal::open(scratch / "j", {.kind = "router"});
        ::_exit(!third && third.error().code == ErrorCode::conflict ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}

// Runs in a child until it is killed: appends batches of 1 to 5 and reports each durable seq.
[[noreturn]] void append_for_ever(const std::filesystem::path& path, int report) {
    auto journal = Journal::open(path, test::sample_options());
    if (!journal) ::_exit(1);
    for (;;) {
        const std::uint64_t first = journal->seq() + 1;
        if (!journal->append(sample_records(first, first + first % 5))) ::_exit(2);
        const std::uint64_t seq = journal->seq();
        if (::write(report, &seq, sizeof seq) != static_cast<ssize_t>(sizeof seq)) ::_exit(3);
    }
}

TEST_CASE("no reported fact is lost to kill -9", "[store]") {
    const test::ScratchDirectory scratch;
    std::mt19937 random{20261121};
    std::uint64_t reported = 0;
    for (int round = 0; round < 20; ++round) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        const FileDescriptor from{ends[0]};
        FileDescriptor into{ends[1]};
        const pid_t child = ::fork();
        if (child == 0) append_for_ever(scratch / "j", into.number());
        into.reset();
        const auto commits_to_see = 1 + random() % 40;
        std::uint64_t seq = 0;
        for (std::uint64_t i = 0; i < commits_to_see; ++i) {
            REQUIRE(::read(from.number(), &seq, sizeof seq) == static_cast<ssize_t>(sizeof seq));
        }
        ::kill(child, SIGKILL);
        // Reports already on their way count as well.
        while (::read(from.number(), &seq, sizeof seq) == static_cast<ssize_t>(sizeof seq)) {
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        CHECK(seq > reported);
        reported = seq;
        const Journal journal = open_journal(scratch / "j");
        CHECK(journal.seq() >= reported);
        const auto facts = replay_all(journal);
        REQUIRE(facts);
        REQUIRE(*facts == sample_records(1, journal.seq()));
    }
}

// A file system of one mebibyte that only this process sees, so that nothing needs cleaning up.
bool mount_small(const std::filesystem::path& directory) {
    return ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("none", directory.c_str(), "tmpfs", 0, "size=1m") == 0;
}

TEST_CASE("a full disk loses nothing, and room made lets the journal go on", "[store]") {
    const test::ScratchDirectory scratch;
    std::filesystem::create_directory(scratch / "small");
    if (!mount_small(scratch / "small")) {
        WARN("skipped: mounting a small file system needs root");
        return;
    }
    std::uint64_t kept = 0;
    {
        Journal journal = open_journal(scratch / "small/j");
        std::ofstream{scratch / "small/filler"} << std::string(300'000, 'f');
        Status done;
        while ((done = journal.append(sample_records(kept + 1, kept + 3, 9000))))
            kept += 3;
        CHECK(kept > 0);
        CHECK(done.error().code == ErrorCode::storage);
        CHECK_THAT(done.error().message, Catch::Contains("disk full"));
        CHECK_THAT(done.error().next, Catch::Contains("free some space"));
        CHECK(journal.seq() == kept);
        CHECK_FALSE(journal.append(sample_records(kept + 1, kept + 3, 9000)));
        CHECK(*replay_all(journal) == sample_records(1, kept, 9000));
        CHECK_FALSE(journal.has_reserve());
        std::filesystem::remove(scratch / "small/filler");
        REQUIRE(journal.append(sample_records(kept + 1, kept + 3, 9000)));
        kept += 3;
    }
    CHECK(*replay_all(open_journal(scratch / "small/j")) == sample_records(1, kept, 9000));
    ::umount((scratch / "small").c_str());
}

// Files cannot grow past this while it lives; the kernel then answers EFBIG.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : old_handler_{std::signal(SIGXFSZ, SIG_IGN)} {
        ::getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit low{.rlim_cur = bytes, .rlim_max = old_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &low);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, old_handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit old_{};
    void (*old_handler_)(int);
};

TEST_CASE("after a refused write the journal takes nothing more until it is opened again",
          "[store]") {
    const test::ScratchDirectory scratch;
    {
        Journal journal = open_journal(scratch / "j");
        REQUIRE(journal.append(sample_records(1, 3)));
        {
            const FileSizeLimit limit{50'000};
            const Status refused = journal.append(sample_records(4, 4, 500'000));
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::storage);
            CHECK_THAT(refused.error().message, Catch::Contains("cannot make room"));
            CHECK(journal.seq() == 3);
        }
        const Status later = journal.append(sample_records(4, 4));
        REQUIRE_FALSE(later);
        CHECK_THAT(later.error().message, Catch::Contains("takes nothing more"));
        CHECK_FALSE(journal.set_meta("generation", "1"));
    }
    Journal again = open_journal(scratch / "j");
    CHECK(*replay_all(again) == sample_records(1, 3));
    REQUIRE(again.append(sample_records(4, 4)));
}

// Runs `work` in a process that is not root, for whom modes of files mean something. Its outcome is
// the exit code.
int as_nobody(const std::function<int()>& work) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        constexpr uid_t nobody = 65534;
        const bool changed = ::geteuid() != 0 || ::setuid(nobody) == 0;
        ::_exit(changed ? work() : 99);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

TEST_CASE("a journal of another user is named, with what to do", "[store]") {
    const test::ScratchDirectory scratch;
    const auto folder = scratch / "state";
    std::filesystem::create_directory(folder);
    const auto path = folder / "j";
    { (void)open_journal(path); }
    std::filesystem::permissions(scratch.path(), std::filesystem::perms{0777});
    std::filesystem::permissions(folder, std::filesystem::perms{0777});
    std::filesystem::permissions(path.string() + ".lock", std::filesystem::perms{0666});
    const int outcome = as_nobody([&] {
        const auto journal = Journal::open(path, test::sample_options());
        if (journal) return 1;
        const Error& error = journal.error();
        if (error.code != ErrorCode::storage) return 2;
        if (error.message.find(path.string()) == std::string::npos) return 3;
        return error.next.find("check who owns it") == 0 ? 0 : 4;
    });
    CHECK(outcome == 0);
}

}  // namespace
}  // namespace nearfab
