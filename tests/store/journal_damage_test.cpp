// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/durable_file.hpp"
#include "store/journal.hpp"
#include "tests/store/journal_samples.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>
#include <random>

namespace nearfab {
namespace {

using test::open_journal;
using test::replay_all;
using test::sample_records;

// What somebody with the SQLite shell could do. Returns SQLite's result code.
int alter(const std::filesystem::path& path, const char* sql) {
    sqlite3* raw = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    if (code == SQLITE_OK) code = sqlite3_exec(raw, sql, nullptr, nullptr, nullptr);
    sqlite3_close(raw);
    return code;
}

void fill(const std::filesystem::path& path, std::uint64_t count) {
    Journal journal = open_journal(path);
    REQUIRE(journal.append(sample_records(1, count)));
}

Error open_error(const std::filesystem::path& path) {
    const auto journal = Journal::open(path, {.kind = "router"});
    REQUIRE_FALSE(journal);
    INFO(journal.error().message);
    CHECK(journal.error().message.find(path.string()) != std::string::npos);
    CHECK_FALSE(journal.error().next.empty());
    return journal.error();
}

TEST_CASE("a fact changed behind the journal's back stops the replay", "[store]") {
    const std::pair<const char*, const char*> changes[] = {
        {"UPDATE journal SET fact=x'00' WHERE seq=3", "fact 3 is not what was written"},
        {"UPDATE journal SET wall_ms=wall_ms+1 WHERE seq=4", "fact 4 is not what was written"},
        {"UPDATE journal SET chain=zeroblob(32) WHERE seq=2", "fact 2 is not what was written"},
        {"DELETE FROM journal WHERE seq=3", "fact 3 is missing, 4 comes next"},
        {"DELETE FROM journal WHERE seq=1", "fact 1 is missing, 2 comes next"},
        {"UPDATE journal SET seq=-1 WHERE seq=2; UPDATE journal SET seq=2 WHERE seq=3;"
         "UPDATE journal SET seq=3 WHERE seq=-1",
         "fact 2 is not what was written, or in another place"},
        {"INSERT INTO journal VALUES(0, 0, zeroblob(32), x'00')", "fact 1 is missing, 0 comes"}};
    for (const auto& [sql, complaint] : changes) {
        const test::ScratchDirectory scratch;
        fill(scratch / "j", 6);
        REQUIRE(alter(scratch / "j", sql) == SQLITE_OK);
        const auto facts = replay_all(open_journal(scratch / "j"));
        REQUIRE_FALSE(facts);
        CHECK(facts.error().code == ErrorCode::storage);
        CHECK_THAT(facts.error().message, Catch::Contains(complaint));
        CHECK_THAT(facts.error().next, Catch::StartsWith("restore the backup"));
    }
}

TEST_CASE("a journal cut off at the end does not open", "[store]") {
    for (const char* sql : {"DELETE FROM journal WHERE seq=6",
                            "DELETE FROM journal",
                            "DELETE FROM head",
                            "UPDATE head SET seq=5",
                            "UPDATE head SET chain=zeroblob(32)"}) {
        const test::ScratchDirectory scratch;
        fill(scratch / "j", 6);
        REQUIRE(alter(scratch / "j", sql) == SQLITE_OK);
        CHECK(open_error(scratch / "j").code == ErrorCode::storage);
    }
}

TEST_CASE("a file that is no journal is refused and left alone", "[store]") {
    const test::ScratchDirectory scratch;
    const std::string garbage(10'000, 'g');
    std::ofstream{scratch / "garbage"} << garbage;
    CHECK(open_error(scratch / "garbage").code == ErrorCode::storage);
    CHECK(read_file(scratch / "garbage", 20'000)->size() == garbage.size());
    std::ofstream{scratch / "empty"};
    CHECK_THAT(open_error(scratch / "empty").message, Catch::Contains("is empty"));
    fill(scratch / "other", 1);
    REQUIRE(alter(scratch / "other", "PRAGMA application_id=7") == SQLITE_OK);
    CHECK_THAT(open_error(scratch / "other").message, Catch::Contains("not a nearfab journal"));
    std::filesystem::create_directory(scratch / "directory");
    CHECK_FALSE(Journal::open(scratch / "directory", {.kind = "router"}));
}

TEST_CASE("a truncated journal is refused", "[store]") {
    for (const std::uintmax_t keep : {100U, 4096U, 8192U, 40'000U}) {
        const test::ScratchDirectory scratch;
        fill(scratch / "j", 1000);
        REQUIRE(std::filesystem::file_size(scratch / "j") > keep);
        std::filesystem::resize_file(scratch / "j", keep);
        auto journal = Journal::open(scratch / "j", {.kind = "router"});
        const bool noticed = !journal || !replay_all(*journal);
        CHECK(noticed);
    }
}

TEST_CASE("a journal that is gone while its log is still there is not replaced", "[store]") {
    const test::ScratchDirectory scratch;
    std::ofstream{scratch / "j-wal"} << "log";
    CHECK_THAT(open_error(scratch / "j").message, Catch::Contains("is missing although"));
    CHECK_FALSE(std::filesystem::exists(scratch / "j"));
}

TEST_CASE("a journal of a newer nearfab is refused by name of its format", "[store]") {
    const test::ScratchDirectory scratch;
    fill(scratch / "j", 1);
    REQUIRE(alter(scratch / "j", "PRAGMA user_version=2") == SQLITE_OK);
    const Error error = open_error(scratch / "j");
    CHECK(error.code == ErrorCode::unsupported_version);
    CHECK_THAT(error.message, Catch::Contains("format 2, this program knows format 1"));
}

TEST_CASE("an agent does not open the router's journal", "[store]") {
    const test::ScratchDirectory scratch;
    fill(scratch / "j", 1);
    const auto journal = Journal::open(scratch / "j", {.kind = "agent"});
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == ErrorCode::conflict);
    CHECK_THAT(journal.error().message, Catch::Contains("of the router, not of the agent"));
}

TEST_CASE("no flipped bit gives wrong facts", "[store]") {
    const test::ScratchDirectory scratch;
    // Enough facts that most of the file is in use: a flip in unused space changes nothing.
    fill(scratch / "j", 600);
    const auto whole = read_file(scratch / "j", 1U << 20U);
    REQUIRE(whole);
    const auto expected = sample_records(1, 600);
    std::mt19937 random{20261121};
    int noticed = 0;
    for (int trial = 0; trial < 150; ++trial) {
        auto bytes = *whole;
        const std::size_t bit = random() % (bytes.size() * 8);
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
        std::ofstream{scratch / "flipped", std::ios::binary | std::ios::trunc}.write(
            reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
        auto journal = Journal::open(scratch / "flipped", {.kind = "router"});
        const auto facts = journal ? replay_all(*journal)
                                   : Result<std::vector<Journal::Record>>{fail(journal.error())};
        if (!facts) ++noticed;
        INFO("bit " << bit);
        CHECK((!facts || *facts == expected));
    }
    UNSCOPED_INFO("noticed " << noticed << " of 150");
    CHECK(noticed > 75);
}

}  // namespace
}  // namespace nearfab
