// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a disk does to a journal that lies there, no wrong fact comes out of it.

#include "host/durable_file.hpp"
#include "store/journal.hpp"
#include "tests/store/journal_samples.hpp"
#include "tests/store/simulated_disk.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <random>

namespace nearfab {
namespace {

using test::open_journal;
using test::replay_all;
using test::sample_options;
using test::sample_records;

void fill(const std::filesystem::path& path, std::uint64_t count) {
    Journal journal = open_journal(path);
    for (std::uint64_t n = 1; n <= count; n += 3)
        REQUIRE(journal.append(sample_records(n, std::min(n + 2, count))));
}

Error open_error(const std::filesystem::path& path) {
    const auto journal = Journal::open(path, sample_options());
    REQUIRE_FALSE(journal);
    INFO(journal.error().message);
    CHECK(journal.error().message.find(path.string()) != std::string::npos);
    CHECK_FALSE(journal.error().next.empty());
    return journal.error();
}

// Opens it and reads everything.
Result<std::vector<Journal::Record>> all_of(test::SimulatedDisk& disk) {
    auto journal = Journal::open(disk.storage(), sample_options());
    if (!journal) return fail(journal.error());
    return replay_all(*journal);
}

test::SimulatedDisk full_disk(std::uint64_t facts) {
    test::SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), sample_options());
    REQUIRE(journal);
    for (std::uint64_t n = 1; n <= facts; n += 5)
        REQUIRE(journal->append(sample_records(n, std::min(n + 4, facts))));
    return disk;
}

// A deep copy: the files of the other stay as they are.
test::SimulatedDisk copy_of(const test::SimulatedDisk& disk) {
    test::SimulatedDisk copy;
    for (const auto& [name, inode] : disk.names_)
        copy.names_[name] = std::make_shared<test::SimulatedDisk::Inode>(*inode);
    return copy;
}

TEST_CASE("no flipped bit in any file gives wrong or missing facts", "[store]") {
    constexpr std::uint64_t facts = 1200;  // Three files of the log.
    const auto whole = full_disk(facts);
    const auto expected = sample_records(1, facts);
    std::mt19937 random{20261121};
    int noticed = 0;
    int trials = 0;
    for (const auto& [name, inode] : whole.names_) {
        if (name == "spare") continue;
        for (int trial = 0; trial < 150; ++trial, ++trials) {
            auto disk = copy_of(whole);
            auto& bytes = disk.names_[name]->now;
            // Half of them in what is written last.
            const std::size_t bit = random() % (bytes.size() * 8);
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
            const auto read = all_of(disk);
            INFO(name << " bit " << bit << (read ? "" : read.error().message));
            if (!read) {
                ++noticed;
                CHECK((read.error().code == ErrorCode::storage ||
                       read.error().code == ErrorCode::unsupported_version ||
                       read.error().code == ErrorCode::conflict));
                CHECK_FALSE(read.error().next.empty());
            } else {
                CHECK(*read == expected);
            }
        }
    }
    // The others were in the room in reserve, where nothing is written.
    INFO("noticed " << noticed << " of " << trials);
    CHECK(noticed > trials / 2);
}

TEST_CASE("a flipped bit is named with its file and its place", "[store]") {
    auto disk = full_disk(30);
    auto& bytes = disk.names_[log_name(1)]->now;
    bytes[1000] ^= 4U;
    const auto read = all_of(disk);
    REQUIRE_FALSE(read);
    CHECK_THAT(read.error().message,
               Catch::Contains("log-00000000000000000001 is damaged at byte"));
    CHECK_THAT(read.error().next, Catch::Contains("restore the last backup"));
    CHECK_THAT(read.error().where, Catch::StartsWith("byte "));
}

TEST_CASE("after a crash too, a flipped bit is no interrupted commit", "[store]") {
    // Killed: no mark of an orderly end behind the last commit.
    test::SimulatedDisk crashed;
    {
        auto journal = Journal::open(crashed.storage(), sample_options());
        REQUIRE(journal);
        REQUIRE(journal->append(sample_records(1, 3)));
        crashed = copy_of(crashed);
    }
    const auto& inode = crashed.names_[log_name(1)];
    std::size_t end = inode->now.size();
    while (inode->now[end - 1] == 0)
        --end;
    int refused = 0;
    for (std::size_t bit = 0; bit < end * 8; bit += 3) {
        auto disk = copy_of(crashed);
        auto& bytes = disk.names_[log_name(1)]->now;
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
        const auto read = all_of(disk);
        INFO("bit " << bit);
        CHECK((!read || *read == sample_records(1, 3)));
        refused += read ? 0 : 1;
    }
    CHECK(refused > 0);
}

TEST_CASE("a log cut off at its end does not open", "[store]") {
    const auto whole = full_disk(1200);
    std::string last;
    for (const auto& [name, inode] : whole.names_) {
        if (name.starts_with("log-")) last = name;
    }
    std::size_t end = whole.names_.at(last)->now.size();
    while (whole.names_.at(last)->now[end - 1] == 0)
        --end;
    for (const std::size_t keep : {std::size_t{0}, std::size_t{96}, end / 2, end - 64, end - 1}) {
        for (const bool zeros : {false, true}) {
            auto disk = copy_of(whole);
            auto& bytes = disk.names_[last]->now;
            const std::size_t size = bytes.size();
            bytes.resize(keep);
            if (zeros) bytes.resize(size);
            const auto read = all_of(disk);
            INFO("kept " << keep);
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::storage);
        }
    }
}

TEST_CASE("a missing file is noticed", "[store]") {
    const auto whole = full_disk(1200);
    for (const auto& [name, inode] : whole.names_) {
        if (name == "spare") continue;
        auto disk = copy_of(whole);
        disk.names_.erase(name);
        const auto read = all_of(disk);
        INFO(name);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::storage);
        CHECK_THAT(read.error().message, Catch::Contains("missing") || Catch::Contains("log"));
    }
}

TEST_CASE("a fact can not be made to look like a commit", "[store]") {
    test::SimulatedDisk disk;
    {
        auto journal = Journal::open(disk.storage(), sample_options());
        REQUIRE(journal);
        REQUIRE(journal->append(sample_records(1, 3)));
        // Somebody has seen how a header looks and hands one in, at every alignment.
        const auto& bytes = disk.names_[log_name(1)]->now;
        Journal::Record hostile{.wall = {}, .fact = {}};
        for (int shift = 0; shift < 32; ++shift) {
            hostile.fact.insert(hostile.fact.end(), bytes.begin() + 160, bytes.begin() + 160 + 33);
        }
        REQUIRE(journal->append({&hostile, 1}));
    }
    CHECK(all_of(disk)->size() == 4);
}

TEST_CASE("what is no journal is refused and left alone", "[store]") {
    const test::ScratchDirectory scratch;
    const std::string garbage(10'000, 'g');
    std::ofstream{scratch / "garbage"} << garbage;
    CHECK(open_error(scratch / "garbage").code == ErrorCode::unsupported_version);
    CHECK(read_file(scratch / "garbage", 20'000)->size() == garbage.size());
    std::ofstream{scratch / "old.db"} << "SQLite format 3";
    const auto old = Journal::open(scratch / "old", sample_options());
    REQUIRE_FALSE(old);
    CHECK(old.error().code == ErrorCode::unsupported_version);
    CHECK_THAT(old.error().message, Catch::Contains("old.db is no journal of this version"));
    CHECK_THAT(old.error().next, Catch::Contains("move the file away"));
    CHECK_FALSE(std::filesystem::exists(scratch / "old"));
}

TEST_CASE("a journal of a newer nearfab is refused by name of its format", "[store]") {
    const test::ScratchDirectory scratch;
    fill(scratch / "j", 1);
    std::string lines = "nearfab journal 3\nkind router\n";
    lines += "hash " + hash_of(lines).hex() + "\n";
    std::ofstream{scratch / "j/head"} << lines;
    const Error error = open_error(scratch / "j");
    CHECK(error.code == ErrorCode::unsupported_version);
    CHECK_THAT(error.message,
               Catch::Contains("\"nearfab journal 3\", this program knows format 2"));
}

TEST_CASE("an agent does not open the router's journal", "[store]") {
    const test::ScratchDirectory scratch;
    fill(scratch / "j", 1);
    const auto journal = Journal::open(scratch / "j", {.kind = "agent"});
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == ErrorCode::conflict);
    CHECK_THAT(journal.error().message, Catch::Contains("of the router, not of the agent"));
}

}  // namespace
}  // namespace nearfab
