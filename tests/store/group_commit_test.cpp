// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/group_commit.hpp"

#include "tests/store/journal_samples.hpp"
#include "tests/store/simulated_disk.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <poll.h>

namespace nearfab {
namespace {

using test::SimulatedDisk;

GroupCommit::Ticket submit(GroupCommit& group, std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint8_t> payload;
    for (const Journal::Record& record : test::sample_records(first, last))
        frame::put_fact(payload, record.wall, record.fact);
    return group.submit(payload, static_cast<std::uint32_t>(last - first + 1));
}

TEST_CASE("what is handed in is written in order, in fewer commits than there were batches",
          "[store][group]") {
    SimulatedDisk disk;
    {
        auto journal = Journal::open(disk.storage(), test::sample_options());
        REQUIRE(journal);
        auto group = GroupCommit::start(*journal);
        REQUIRE(group);
        GroupCommit::Ticket last = 0;
        for (std::uint64_t n = 1; n <= 3000; n += 3) {
            const GroupCommit::Ticket ticket = submit(**group, n, n + 2);
            REQUIRE(ticket == last + 1);
            last = ticket;
        }
        REQUIRE((*group)->drain());
        CHECK((*group)->durable() == last);
        CHECK((*group)->commits() <= 1000);
        CHECK((*group)->commits() >= 1);
    }
    auto again = Journal::open(disk.storage(), test::sample_options());
    REQUIRE(again);
    CHECK(*test::replay_all(*again) == test::sample_records(1, 3000));
}

TEST_CASE("the owner is woken when a commit is durable", "[store][group]") {
    SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), test::sample_options());
    REQUIRE(journal);
    auto group = GroupCommit::start(*journal);
    REQUIRE(group);
    for (std::uint64_t n = 1; n <= 50; ++n) {
        const GroupCommit::Ticket ticket = submit(**group, n, n);
        while ((*group)->durable() < ticket) {
            pollfd news{(*group)->descriptor(), POLLIN, 0};
            REQUIRE(::poll(&news, 1, 10'000) == 1);
            (*group)->acknowledge();
        }
    }
    CHECK_FALSE((*group)->failure());
}

TEST_CASE("what was handed in is written before the thread ends", "[store][group]") {
    SimulatedDisk disk;
    {
        auto journal = Journal::open(disk.storage(), test::sample_options());
        REQUIRE(journal);
        auto group = GroupCommit::start(*journal);
        REQUIRE(group);
        (void)submit(**group, 1, 40);
    }
    auto again = Journal::open(disk.storage(), test::sample_options());
    CHECK(again->seq() == 40);
}

TEST_CASE("after a failed sync the owner is told, and nothing more becomes durable",
          "[store][group]") {
    SimulatedDisk disk;
    auto journal = Journal::open(disk.storage(), test::sample_options());
    REQUIRE(journal);
    auto group = GroupCommit::start(*journal);
    REQUIRE(group);
    (void)submit(**group, 1, 3);
    REQUIRE((*group)->drain());
    const GroupCommit::Ticket before = (*group)->durable();
    disk.fail_with = EIO;
    disk.fail_at_call = 1;
    (void)submit(**group, 4, 6);
    const Status drained = (*group)->drain();
    REQUIRE_FALSE(drained);
    CHECK_THAT(drained.error().message, Catch::Contains("Input/output error"));
    CHECK((*group)->failure().has_value());
    CHECK((*group)->durable() == before);
}

}  // namespace
}  // namespace nearfab
