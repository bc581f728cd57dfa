// SPDX-License-Identifier: GPL-3.0-or-later
// A journal is copied and verified while its owner writes it.

#include "store/journal_copy.hpp"

#include "tests/store/journal_samples.hpp"
#include "tests/store/simulated_disk.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

namespace nearfab {
namespace {

using test::sample_options;
using test::sample_record;
using test::sample_records;
using test::SimulatedDisk;

// Facts of a copy, or nothing when they are not the first ones of the journal.
std::optional<std::uint64_t> facts_in(LogStorage& storage) {
    bool right = true;
    const auto read = verify_journal(
        storage, "router", {}, [&](std::uint64_t seq, WallTime wall, auto fact) -> Status {
            const auto expected = sample_record(seq, fact.size());
            right = right && expected.wall == wall && std::ranges::equal(expected.fact, fact);
            return {};
        });
    INFO((read ? "" : read.error().message));
    CHECK(read);
    if (!read || !right) return std::nullopt;
    return read->end.seq;
}

TEST_CASE("whatever is written in the middle of a read, a journal is copied", "[store]") {
    for (const std::size_t size : {std::size_t{10}, std::size_t{700}, std::size_t{3000}}) {
        // From the last finished commit on: where the reader meets the writer.
        for (std::size_t step = 0; step < 2 * size + 400; step += 16) {
            for (const int commits : {1, 2, 3}) {
                SimulatedDisk disk;
                auto journal = Journal::open(disk.storage(), sample_options());
                REQUIRE(journal);
                REQUIRE(journal->append(sample_records(1, 2, size)));
                std::uint64_t seq = 2;
                disk.in_read_at = static_cast<std::size_t>(journal->log_bytes()) - 40 + step;
                int reads = 0;
                disk.in_read = [&] {
                    if (++reads > 2) return;
                    for (int i = 0; i < commits; ++i, ++seq)
                        REQUIRE(journal->append(sample_records(seq + 1, seq + 1, size)));
                };
                SimulatedDisk other;
                const auto copied = copy_journal(*disk.storage(), *other.storage(), "router");
                INFO("size " << size << " step " << step << " commits " << commits
                             << (copied ? "" : copied.error().message));
                REQUIRE(copied);
                REQUIRE(reads > 0);
                CHECK_FALSE(copied->unfinished);
                const auto facts = facts_in(*other.storage());
                REQUIRE(facts);
                CHECK(*facts >= 2);
                auto goes_on = Journal::open(other.storage(), sample_options());
                REQUIRE(goes_on);
                CHECK(goes_on->seq() == *facts);
                disk.in_read_at += 16;
                reads = 0;
                CHECK(facts_in(*disk.storage()));
            }
        }
    }
}

// Commits of all sizes, without a rest, and now and then a snapshot that removes files.
void write_without_rest(Journal& journal,
                        std::atomic<std::uint64_t>& durable,
                        const std::atomic<bool>& stop) {
    std::mt19937 random{20261129};
    for (std::uint64_t seq = 0; !stop;) {
        const std::uint64_t count = 1 + random() % 4;
        const std::size_t size = random() % 8 == 0 ? random() % 200'000 : random() % 2000;
        if (!journal.append(sample_records(seq + 1, seq + count, size))) return;
        seq += count;
        durable = seq;
        if (random() % 50 != 0) continue;
        const Status made = journal.write_snapshot([](const auto& give) {
            return give(std::vector<std::uint8_t>{'s', 't', 'a', 't', 'e'});
        });
        if (!made) return;
    }
}

TEST_CASE("a journal is copied beside a writer that never rests", "[store]") {
    const test::ScratchDirectory scratch;
    Journal journal = test::open_journal(scratch / "j");
    std::atomic<std::uint64_t> durable = 0;
    std::atomic<bool> stop = false;
    std::thread writer{[&] { write_without_rest(journal, durable, stop); }};
    std::string failure;
    for (int round = 0; round < 25 && failure.empty(); ++round) {
        const std::uint64_t before = durable;
        const auto copied = copy_journal(scratch / "j", scratch / "copy", "router");
        if (!copied) failure = copied.error().message;
        if (copied && copied->end.seq < before) failure = "it lacks what was there before";
        std::filesystem::remove_all(scratch / "copy");
    }
    const std::uint64_t reached = durable;
    stop = true;
    writer.join();
    INFO(failure << ", " << reached << " facts");
    CHECK(failure.empty());
    CHECK(durable >= reached);
}

}  // namespace
}  // namespace nearfab
