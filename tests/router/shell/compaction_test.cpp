// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots are made only where there is room for them.

#include "router/shell/compaction.hpp"

#include "router/shell/fact_codec.hpp"
#include "store/log_directory.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace nearfab::router {
namespace {

TEST_CASE("no snapshot begins while the disk is nearly full", "[compaction]") {
    Config config;
    config.file = "/dev/null";
    config.compact_bytes = 1000;
    Compaction compaction{config};
    REQUIRE(compaction.start_if_due(5000, 0, true));
    CHECK_FALSE(compaction.is_running());
    REQUIRE(compaction.start_if_due(500, 0, false));
    CHECK_FALSE(compaction.is_running());
    // Room again. (It is this test program that is started, and it knows no word "compact".)
    REQUIRE(compaction.start_if_due(5000, 0, false));
    CHECK(compaction.is_running());
}

TEST_CASE("a snapshot ends before it takes the last room, and leaves nothing", "[compaction]") {
    const nearfab::test::ScratchDirectory scratch;
    auto journal = Journal::open(scratch / "journal", {.kind = "router"});
    REQUIRE(journal);
    REQUIRE(journal->append(std::vector<Journal::Record>{
        {WallTime{Duration{1'000}}, encode_fact(FabSuspected{FabId{"lyon"}, "key"})}}));
    const auto refused = compact_records(scratch.path(), UINT64_MAX);
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Catch::Contains("is nearly full"));
    const auto storage = open_log_directory(scratch / "journal");
    const auto files = list_journal(*storage);
    REQUIRE(files);
    CHECK(files->unfinished.empty());
    CHECK(files->snapshots.empty());
    CHECK(*compact_records(scratch.path(), 1) == 1);
    CHECK(list_journal(*storage)->snapshots == std::vector<std::uint64_t>{1});
}

}  // namespace
}  // namespace nearfab::router
