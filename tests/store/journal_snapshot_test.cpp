// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal.hpp"
#include "tests/store/journal_samples.hpp"
#include "tests/store/simulated_disk.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace nearfab {
namespace {

using test::sample_options;
using test::sample_records;
using test::SimulatedDisk;

Status give_text(const std::string& text,
                 const std::function<Status(std::span<const std::uint8_t>)>& give) {
    return give(std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Status take_snapshot(Journal& journal, const std::vector<std::string>& pieces) {
    return journal.write_snapshot([&](const auto& give) -> Status {
        for (const std::string& piece : pieces) {
            if (Status given = give_text(piece, give); !given) return given;
        }
        return {};
    });
}

std::vector<std::string> pieces_of(const Journal& journal) {
    std::vector<std::string> pieces;
    REQUIRE(journal.load_snapshot([&](std::span<const std::uint8_t> piece) -> Status {
        pieces.emplace_back(piece.begin(), piece.end());
        return {};
    }));
    return pieces;
}

std::vector<std::uint64_t> numbers_of(const Journal& journal) {
    std::vector<std::uint64_t> numbers;
    REQUIRE(journal.replay([&](std::uint64_t seq, WallTime, auto) -> Status {
        numbers.push_back(seq);
        return {};
    }));
    return numbers;
}

std::size_t logs_on(SimulatedDisk& disk) {
    return list_journal(*disk.storage())->logs.size();
}

TEST_CASE("a snapshot stands for what was before it, and the log behind it goes on", "[store]") {
    SimulatedDisk disk;
    {
        auto journal = Journal::open(disk.storage(), sample_options());
        REQUIRE(journal);
        CHECK(journal->snapshot_seq() == 0);
        REQUIRE(journal->append(sample_records(1, 400)));
        REQUIRE(journal->append(sample_records(401, 2000)));
        REQUIRE(journal->append(sample_records(2001, 2010)));
        CHECK(logs_on(disk) == 3);
        REQUIRE(take_snapshot(*journal, {"state", "", "of 2010"}));
        CHECK(logs_on(disk) == 1);
        CHECK(journal->snapshot_bytes() > 300);
        CHECK(numbers_of(*journal).empty());
        REQUIRE(journal->append(sample_records(2011, 2012)));
    }
    auto again = Journal::open(disk.storage(), sample_options());
    REQUIRE(again);
    CHECK(again->seq() == 2012);
    CHECK(again->snapshot_seq() == 2010);
    CHECK(pieces_of(*again) == std::vector<std::string>{"state", "", "of 2010"});
    CHECK(numbers_of(*again) == std::vector<std::uint64_t>{2011, 2012});
    REQUIRE(take_snapshot(*again, {"of 2012"}));
    CHECK(pieces_of(*again) == std::vector<std::string>{"of 2012"});
    CHECK(list_journal(*disk.storage())->snapshots == std::vector<std::uint64_t>{2012});
}

TEST_CASE("a snapshot that fails half-way leaves the one before", "[store]") {
    SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), sample_options());
    REQUIRE(journal);
    REQUIRE(journal->append(sample_records(1, 5)));
    REQUIRE(take_snapshot(*journal, {"of 5"}));
    REQUIRE(journal->append(sample_records(6, 7)));
    const Status failed = journal->write_snapshot([](const auto& give) -> Status {
        if (Status given = give_text("half", give); !given) return given;
        return fail(ErrorCode::internal, "cannot say");
    });
    CHECK(failed.error().message == "cannot say");
    CHECK(list_journal(*disk.storage())->unfinished.empty());
    CHECK(journal->snapshot_seq() == 5);
    CHECK(numbers_of(*journal) == std::vector<std::uint64_t>{6, 7});
}

TEST_CASE("a snapshot for which there is no room leaves nothing, and what others left goes",
          "[store]") {
    SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), sample_options());
    REQUIRE(journal);
    REQUIRE(journal->append(sample_records(1, 5)));
    std::unique_ptr<LogFile> left;
    // Of one that was killed.
    REQUIRE(disk.storage()->open("snapshot-3.part", LogStorage::Mode::create, left) == 0);
    REQUIRE(left->reserve(100'000) == 0);
    const std::uint64_t before = disk.used();
    disk.room = before + 50'000;
    const std::vector<std::string> pieces(300, std::string(1000, 'p'));
    const Status failed = take_snapshot(*journal, pieces);
    REQUIRE_FALSE(failed);
    CHECK_THAT(failed.error().message, Catch::Contains("disk full"));
    CHECK(list_journal(*disk.storage())->unfinished.empty());
    CHECK(disk.used() == before - 100'000);
    REQUIRE(journal->append(sample_records(6, 6)));
    disk.room = UINT64_MAX;
    REQUIRE(take_snapshot(*journal, pieces));
    CHECK(pieces_of(*journal) == pieces);
}

TEST_CASE("a snapshot that the disk changes while it is written takes no place", "[store]") {
    SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), sample_options());
    REQUIRE(journal);
    REQUIRE(journal->append(sample_records(1, 5)));
    // At its sync.
    int calls = 0;
    disk.on_call = [&] {
        const auto part = disk.files().find(snapshot_name(5) + ".part");
        if (part != disk.files().end() && ++calls == 2) part->second->now[300] ^= 1U;
        return 0;
    };
    const Status failed = take_snapshot(*journal, {std::string(900, 'a')});
    REQUIRE_FALSE(failed);
    CHECK_THAT(failed.error().message, Catch::Contains("is damaged at byte"));
    disk.on_call = {};
    CHECK(list_journal(*disk.storage())->snapshots.empty());
    CHECK(list_journal(*disk.storage())->unfinished.empty());
    REQUIRE(take_snapshot(*journal, {"whole"}));
}

TEST_CASE("no flipped bit in a snapshot gives a wrong state", "[store]") {
    SimulatedDisk whole;
    {
        auto journal = Journal::open(whole.storage(), sample_options());
        REQUIRE(journal);
        REQUIRE(journal->append(sample_records(1, 5)));
        REQUIRE(take_snapshot(*journal, {std::string(900, 'a'), std::string(70, 'b')}));
    }
    const std::string name = snapshot_name(5);
    const std::size_t bits = whole.names_.at(name)->now.size() * 8;
    for (std::size_t bit = 0; bit < bits; bit += 5) {
        SimulatedDisk disk;
        for (const auto& [file, inode] : whole.names_)
            disk.names_[file] = std::make_shared<SimulatedDisk::Inode>(*inode);
        auto& bytes = disk.names_.at(name)->now;
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
        auto journal = Journal::open(disk.storage(), sample_options());
        REQUIRE(journal);
        const auto loaded = journal->load_snapshot([](auto) { return Status{}; });
        INFO("bit " << bit);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().code == ErrorCode::storage);
    }
}

TEST_CASE("a snapshot of another log is not believed", "[store]") {
    SimulatedDisk ours;
    SimulatedDisk other;
    for (SimulatedDisk* disk : {&ours, &other}) {
        auto journal = Journal::open(disk->storage(), sample_options());
        REQUIRE(journal);
        REQUIRE(journal->append(sample_records(1, 5, disk == &ours ? 100 : 101)));
        REQUIRE(take_snapshot(*journal, {"state"}));
        REQUIRE(journal->append(sample_records(6, 6)));
    }
    ours.names_[snapshot_name(5)] = other.names_.at(snapshot_name(5));
    auto journal = Journal::open(ours.storage(), sample_options());
    REQUIRE(journal);
    const Status read = journal->replay([](auto, auto, auto) { return Status{}; });
    REQUIRE_FALSE(read);
    CHECK_THAT(read.error().message, Catch::Contains("does not follow from the snapshot"));
}

}  // namespace
}  // namespace nearfab
