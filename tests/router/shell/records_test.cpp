// SPDX-License-Identifier: GPL-3.0-or-later
// Where there were records, no router begins with none.

#include "router/shell/records.hpp"

#include "router/shell/fact_codec.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace nearfab::router {
namespace {

namespace fs = std::filesystem;

struct State {
    nearfab::test::ScratchDirectory scratch;
    Config config;

    State() {
        config.state_directory = scratch / "state";
        config.segment_bytes = std::uint64_t{64} << 10U;
        fs::create_directory(config.state_directory);
    }
    // A start of the router, with one fact more each time. The number of facts.
    std::uint64_t run() {
        auto journal = open_records(config);
        INFO((journal ? "" : journal.error().message));
        REQUIRE(journal);
        REQUIRE(generation_of(config.state_directory, journal->seq() > 0));
        const std::vector<Journal::Record> one{
            {WallTime{Duration{1'000}}, encode_fact(FabSuspected{FabId{"lyon"}, "key"})}};
        REQUIRE(journal->append(one));
        return journal->seq();
    }
    Error refusal() {
        const auto journal = open_records(config);
        REQUIRE_FALSE(journal);
        INFO(journal.error().message << "; " << journal.error().next);
        CHECK(journal.error().code == ErrorCode::storage);
        CHECK_THAT(journal.error().message, Catch::Contains("state/journal is missing"));
        CHECK_THAT(journal.error().next, Catch::Contains("nearfab-router restore DIR"));
        CHECK_THAT(journal.error().next, Catch::Contains("another state_directory"));
        return journal.error();
    }
};

TEST_CASE_METHOD(State, "a router begins empty once", "[records]") {
    CHECK(run() == 1);
    CHECK(run() == 2);
    const fs::path journal = config.state_directory / "journal";
    SECTION("its journal is gone") {
        fs::remove_all(journal);
        refusal();
        CHECK_FALSE(fs::exists(journal));
    }
    SECTION("its journal's directory is empty") {
        fs::remove_all(journal);
        fs::create_directory(journal);
        refusal();
    }
    SECTION("a restore was killed where names cannot be exchanged") {
        fs::rename(journal, config.state_directory / "journal.before-generation-7");
        CHECK_THAT(refusal().next, Catch::Contains("state/journal.before-generation-7"));
        fs::rename(config.state_directory / "journal.before-generation-7", journal);
        CHECK(run() == 3);
    }
    SECTION("a first start was killed before it was told its generation") {
        fs::remove(config.state_directory / "generation");
        fs::remove_all(journal);
        CHECK(run() == 1);
    }
}

TEST_CASE_METHOD(State, "a restore keeps what was there, and can follow any other", "[records]") {
    CHECK(run() == 1);
    const fs::path backup = scratch / "backup";
    REQUIRE(back_up(config, backup));
    CHECK(run() == 2);
    // Left by others that were killed.
    fs::create_directory(config.state_directory / "journal.part");
    fs::create_directory(backup / "journal.old");
    const auto first = restore(config, backup, std::nullopt);
    REQUIRE(first);
    CHECK(first->generation == 1);
    CHECK(first->journal.end.seq == 1);
    CHECK(run() == 2);
    CHECK(fs::exists(config.state_directory / "journal.before-generation-1/head"));
    fs::remove_all(config.state_directory / "journal");
    const auto second = restore(config, backup, std::nullopt);
    REQUIRE(second);
    CHECK(second->generation == 2);
    CHECK_FALSE(fs::exists(config.state_directory / "journal.before-generation-2"));
    CHECK(run() == 2);
    REQUIRE(back_up(config, backup));
    CHECK_FALSE(fs::exists(backup / "journal.old"));
    CHECK(verify_records(backup)->journal.end.seq == 2);
}

}  // namespace
}  // namespace nearfab::router
