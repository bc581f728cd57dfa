// SPDX-License-Identifier: GPL-3.0-or-later
// A snapshot is made beside a router that is in the middle of a commit.

#include "router/shell/fact_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "router/shell/records_snapshot.hpp"
#include "store/journal.hpp"
#include "tests/store/simulated_disk.hpp"

#include <catch2/catch.hpp>

namespace nearfab::router {
namespace {

using test::PowerCut;
using test::SimulatedDisk;

Journal::Record suspicion(const std::string& fab) {
    return {WallTime{Duration{1'000}}, encode_fact(FabSuspected{FabId{fab}, "key"})};
}

TEST_CASE("a snapshot never outlives what it stands for", "[snapshot]") {
    SimulatedDisk disk;
    const JournalOptions options{.kind = "router", .segment_bytes = std::size_t{8} << 10U};
    auto journal = Journal::open(disk.storage(), options);
    REQUIRE(journal);
    REQUIRE(journal->append(std::vector{suspicion("lyon")}));
    // The second commit is written, and the router dies before it is synced. The process that makes
    // the snapshot has read it, and goes on.
    int calls = 0;
    disk.on_call = [&]() -> int {
        if (++calls == 1) return 0;
        disk.kill();
        throw PowerCut{};
    };
    CHECK_THROWS_AS(journal->append(std::vector{suspicion("paris")}), PowerCut);
    disk.on_call = {};
    journal = fail(ErrorCode::internal, "dead");
    disk.revive();
    const auto storage = disk.storage();
    const auto snapshot = RecordsSnapshot::read(*storage);
    REQUIRE(snapshot);
    REQUIRE(snapshot->last() == 2);
    REQUIRE_FALSE(snapshot->is_there());
    REQUIRE(snapshot->write(*storage));
    // Then the power goes, and all that was not synced with it.
    SimulatedDisk left = disk.copy_of_durable();
    auto again = Journal::open(left.storage(), options);
    INFO((again ? "" : again.error().message));
    REQUIRE(again);
    CHECK(again->seq() == 2);
    REQUIRE(again->snapshot_seq() == 2);
    Router router{RouterOptions{}};
    const auto take = [&](auto piece) { return decode_piece(piece, router); };
    REQUIRE(again->load_snapshot(take));
    CHECK(router.ledger().fab(FabId{"lyon"}).suspicion);
    CHECK(router.ledger().fab(FabId{"paris"}).suspicion);
}

}  // namespace
}  // namespace nearfab::router
