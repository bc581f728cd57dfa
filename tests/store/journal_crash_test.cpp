// SPDX-License-Identifier: GPL-3.0-or-later
// The power goes at every single call, and whatever was not synced is lost in pieces.

#include "store/journal.hpp"
#include "tests/store/journal_samples.hpp"
#include "tests/store/simulated_disk.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <random>

namespace nearfab {
namespace {

using test::PowerCut;
using test::replay_all;
using test::sample_records;
using test::SimulatedDisk;

constexpr std::size_t fact_bytes = 700;  // More than a sector.

JournalOptions tiny() {
    return {.kind = "router", .segment_bytes = std::size_t{8} << 10U};
}

// Opens, appends batches of 1 to 4, takes a snapshot now and then, until the power goes or 20
// commits are done. What is accepted is written down at once.
void work(SimulatedDisk& disk, std::uint64_t& accepted) {
    disk.throws = true;
    auto journal = Journal::open(disk.storage(), tiny());
    // Destroyed before the journal is, so that the journal's own end meets a disk that fails.
    struct Quiet {
        SimulatedDisk& disk;
        ~Quiet() { disk.throws = false; }
    } const quiet{disk};
    if (!journal) throw std::runtime_error{journal.error().message};
    for (int i = 0; i < 20; ++i) {
        const std::uint64_t first = journal->seq() + 1;
        const std::uint64_t last = first + first % 4;
        if (!journal->append(sample_records(first, last, fact_bytes))) return;
        accepted = std::max(accepted, last);
        if (i % 7 != 3) continue;
        const std::string text = std::to_string(last);
        const Status taken = journal->write_snapshot([&](const auto& give) {
            return give(std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        });
        if (!taken) return;
    }
}

// The facts behind the snapshot, and the number of the last fact that the snapshot stands for.
std::uint64_t check_story(SimulatedDisk& disk) {
    auto journal = Journal::open(disk.storage(), tiny());
    INFO((journal ? "" : journal.error().message));
    REQUIRE(journal);
    std::uint64_t at = 0;
    if (journal->snapshot_seq() > 0) {
        std::string text;
        REQUIRE(journal->load_snapshot([&](std::span<const std::uint8_t> piece) -> Status {
            text.assign(piece.begin(), piece.end());
            return {};
        }));
        at = std::stoull(text);
        REQUIRE(at == journal->snapshot_seq());
    }
    const Status read = journal->replay([&](std::uint64_t seq, WallTime wall, auto fact) -> Status {
        const auto expected = test::sample_record(seq, fact_bytes);
        if (seq != ++at || wall != expected.wall || !std::ranges::equal(fact, expected.fact)) {
            return fail(ErrorCode::internal, "another fact");
        }
        return {};
    });
    INFO((read ? "" : read.error().message));
    REQUIRE(read);
    REQUIRE(at == journal->seq());
    return at;
}

TEST_CASE("wherever the power goes, what was accepted is there and nothing else", "[store]") {
    std::mt19937 random{20261129};
    for (std::uint64_t call = 1;; ++call) {
        SimulatedDisk disk;
        disk.cut_at_call = call;
        std::uint64_t accepted = 0;
        try {
            work(disk, accepted);
        } catch (const PowerCut&) {
        }
        if (!disk.dead()) {
            CHECK(call > 200);  // It really came by every call.
            break;
        }
        INFO("call " << call);
        disk.power_cut(random);
        const std::uint64_t there = check_story(disk);
        REQUIRE(there >= accepted);
        REQUIRE(there <= accepted + 4);
        // And it goes on from there.
        work(disk, accepted);
        REQUIRE(check_story(disk) == accepted);
    }
}

TEST_CASE("power cuts one after the other lose nothing that was accepted", "[store]") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random{seed};
        SimulatedDisk disk;
        std::uint64_t accepted = 0;
        for (int round = 0; round < 12; ++round) {
            disk.cut_at_call = disk.calls + 1 + random() % 150;
            try {
                work(disk, accepted);
            } catch (const PowerCut&) {
            }
            disk.power_cut(random);
            INFO("seed " << seed << " round " << round);
            const std::uint64_t there = check_story(disk);
            REQUIRE(there >= accepted);
            accepted = there;
        }
    }
}

// A run that is killed before its n-th call, on a system that goes on: the next run reads what no
// disk holds yet. False: it made fewer calls.
bool run_and_die(SimulatedDisk& disk, std::uint64_t call, std::uint64_t& accepted) {
    std::uint64_t calls = 0;
    disk.on_call = [&]() -> int {
        if (++calls < call) return 0;
        disk.kill();
        if (disk.throws) throw PowerCut{};
        return EIO;
    };
    bool died = false;
    try {
        work(disk, accepted);
    } catch (const PowerCut&) {
        died = true;
    }
    died = died || disk.dead();
    disk.on_call = {};
    disk.revive();
    return died;
}

TEST_CASE("what an interrupted run wrote is synced before a journal goes on", "[store]") {
    for (std::uint64_t call = 1;; ++call) {
        SimulatedDisk disk;
        std::uint64_t accepted = 0;
        if (!run_and_die(disk, call, accepted)) {
            CHECK(call > 200);
            break;
        }
        INFO("call " << call);
        std::uint64_t seq = 0;
        SimulatedDisk left;
        {
            auto journal = Journal::open(disk.storage(), tiny());
            INFO((journal ? "" : journal.error().message));
            REQUIRE(journal);
            REQUIRE(journal->seq() >= accepted);
            // From here on the last run's facts count, as do those of this one.
            CHECK(disk.holds_all("log-"));
            seq = journal->seq() + 1;
            REQUIRE(journal->append(sample_records(seq, seq, fact_bytes)));
            left = disk.copy_of_durable();
        }
        // All that was not synced is lost.
        REQUIRE(check_story(left) == seq);
    }
}

TEST_CASE("after a failed call of the disk nothing is believed any more", "[store]") {
    std::uint64_t calls = 0;
    {
        SimulatedDisk disk;
        std::uint64_t accepted = 0;
        work(disk, accepted);
        calls = disk.calls;
    }
    std::mt19937 random{7};
    for (std::uint64_t call = 12; call < calls - 3; ++call) {
        SimulatedDisk disk;
        std::uint64_t accepted = 0;
        auto journal = Journal::open(disk.storage(), tiny());
        REQUIRE(journal);
        disk.fail_at_call = call;
        disk.fail_with = EIO;
        Status done;
        for (std::uint64_t n = 1; done && n < 60; ++n) {
            done = journal->append(sample_records(n, n, fact_bytes));
            if (done) accepted = n;
        }
        if (done) break;        // Fewer calls than that.
        disk.fail_at_call = 0;  // Fit again; but nobody knows what became of that write.
        const Status later =
            journal->append(sample_records(accepted + 1, accepted + 1, fact_bytes));
        INFO("call " << call);
        REQUIRE_FALSE(later);
        CHECK_THAT(later.error().message, Catch::Contains("takes nothing more"));
        journal = fail(ErrorCode::internal, "closed");
        disk.power_cut(random);
        const std::uint64_t there = check_story(disk);
        CHECK(there >= accepted);
        CHECK(there <= accepted + 1);
    }
}

TEST_CASE("a full disk changes nothing, and the room in reserve is used first", "[store]") {
    SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), tiny());
    REQUIRE(journal);
    CHECK(journal->has_reserve());
    disk.room = disk.used() + 300;  // Enough for the head, which is replaced.
    std::uint64_t kept = 0;
    bool had_reserve = true;
    Status done;
    while ((done = journal->append(sample_records(kept + 1, kept + 1, fact_bytes)))) {
        ++kept;
        if (had_reserve && !journal->has_reserve()) had_reserve = false;
    }
    CHECK_FALSE(had_reserve);
    CHECK(kept > 15);  // Two files of 8 KiB.
    CHECK_THAT(done.error().message, Catch::Contains("disk full"));
    CHECK_THAT(done.error().next, Catch::Contains("free some space"));
    CHECK_FALSE(journal->append(sample_records(kept + 1, kept + 1, fact_bytes)));
    CHECK(replay_all(*journal)->size() == kept);
    disk.room = UINT64_MAX;
    REQUIRE(journal->append(sample_records(kept + 1, kept + 1, fact_bytes)));
    CHECK(journal->has_reserve());
    CHECK(replay_all(*journal)->size() == kept + 1);
}

}  // namespace
}  // namespace nearfab
