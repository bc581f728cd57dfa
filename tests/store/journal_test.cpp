// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal.hpp"

#include "tests/store/journal_samples.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

namespace nearfab {
namespace {

using test::open_journal;
using test::replay_all;
using test::sample_record;
using test::sample_records;

TEST_CASE("a new journal is empty and private", "[store]") {
    const test::ScratchDirectory scratch;
    const Journal journal = open_journal(scratch / "j");
    CHECK(journal.seq() == 0);
    CHECK(replay_all(journal)->empty());
    struct stat facts {};
    REQUIRE(::stat((scratch / "j").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0700);
    for (const auto& file : std::filesystem::directory_iterator{scratch / "j"}) {
        REQUIRE(::stat(file.path().c_str(), &facts) == 0);
        CHECK((facts.st_mode & 0777U) == 0600);
    }
}

TEST_CASE("appended facts come back in order, also after opening again", "[store]") {
    const test::ScratchDirectory scratch;
    {
        Journal journal = open_journal(scratch / "j");
        for (std::uint64_t n = 1; n <= 5; ++n) {
            REQUIRE(journal.append(sample_records(n, n)));
            CHECK(journal.seq() == n);
        }
        CHECK(*replay_all(journal) == sample_records(1, 5));
    }
    Journal again = open_journal(scratch / "j");
    CHECK(again.seq() == 5);
    CHECK(*replay_all(again) == sample_records(1, 5));
    REQUIRE(again.append(sample_records(6, 7)));
    CHECK(*replay_all(again) == sample_records(1, 7));
}

TEST_CASE("a batch is one commit and keeps its order", "[store]") {
    const test::ScratchDirectory scratch;
    Journal journal = open_journal(scratch / "j");
    REQUIRE(journal.append(sample_records(1, 1000)));
    CHECK(journal.seq() == 1000);
    REQUIRE(journal.append({}));
    CHECK(journal.seq() == 1000);
    CHECK(*replay_all(journal) == sample_records(1, 1000));
}

TEST_CASE("facts may be empty, and times before 1970", "[store]") {
    const test::ScratchDirectory scratch;
    const std::vector<Journal::Record> records{{.wall = WallTime{Duration{-5}}, .fact = {}},
                                               sample_record(2, 0),
                                               sample_record(3, 100'000)};
    {
        Journal journal = open_journal(scratch / "j");
        REQUIRE(journal.append(records));
    }
    CHECK(*replay_all(open_journal(scratch / "j")) == records);
}

TEST_CASE("a fact over the limit is refused with its whole batch", "[store]") {
    const test::ScratchDirectory scratch;
    auto journal = Journal::open(scratch / "j", {.kind = "router", .max_fact_bytes = 10});
    REQUIRE(journal);
    const std::vector<Journal::Record> batch{sample_record(1, 10), sample_record(2, 11)};
    const Status done = journal->append(batch);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::too_large);
    CHECK(done.error().message == "a fact has 11 bytes, at most 10 are allowed");
    CHECK(journal->seq() == 0);
    CHECK(journal->append(std::span{batch}.first(1)));
}

TEST_CASE("a reader's error stops the replay and is passed on", "[store]") {
    const test::ScratchDirectory scratch;
    Journal journal = open_journal(scratch / "j");
    REQUIRE(journal.append(sample_records(1, 5)));
    std::uint64_t last = 0;
    const Status done = journal.replay([&](std::uint64_t seq, WallTime, auto) -> Status {
        last = seq;
        if (seq == 3) return fail(ErrorCode::malformed, "no such fact");
        return {};
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::malformed);
    CHECK(last == 3);
}

TEST_CASE("settings beside the facts are kept and replaced", "[store]") {
    const test::ScratchDirectory scratch;
    {
        Journal journal = open_journal(scratch / "j");
        CHECK(*journal.meta("generation") == std::nullopt);
        REQUIRE(journal.set_meta("generation", "1"));
        REQUIRE(journal.set_meta("generation", "2"));
        REQUIRE(journal.set_meta("empty", ""));
    }
    Journal again = open_journal(scratch / "j");
    CHECK(*again.meta("generation") == "2");
    CHECK(*again.meta("empty") == "");
    CHECK(again.seq() == 0);
}

TEST_CASE("a journal can be moved", "[store]") {
    const test::ScratchDirectory scratch;
    Journal first = open_journal(scratch / "j");
    REQUIRE(first.append(sample_records(1, 2)));
    Journal second = std::move(first);
    REQUIRE(second.append(sample_records(3, 3)));
    CHECK(*replay_all(second) == sample_records(1, 3));
}

TEST_CASE("a missing directory is an error that names it", "[store]") {
    const test::ScratchDirectory scratch;
    const auto journal = Journal::open(scratch / "missing/j", {.kind = "router"});
    REQUIRE_FALSE(journal);
    CHECK(journal.error().message.find("missing/j") != std::string::npos);
    CHECK_FALSE(journal.error().next.empty());
}

}  // namespace
}  // namespace nearfab
