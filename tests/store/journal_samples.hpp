// SPDX-License-Identifier: GPL-3.0-or-later
// journal_samples.hpp - journals and facts for tests.

#pragma once

#include "store/journal.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace nearfab::test {

// Fact n: recognisable, and of `size` bytes.
inline Journal::Record sample_record(std::uint64_t n, std::size_t size = 100) {
    Journal::Record record{.wall = WallTime{Duration{1'000'000 + static_cast<std::int64_t>(n)}},
                           .fact = std::vector<std::uint8_t>(size)};
    for (std::size_t i = 0; i < size; ++i) {
        record.fact[i] = static_cast<std::uint8_t>(n * 31 + i);
    }
    return record;
}

inline std::vector<Journal::Record> sample_records(std::uint64_t first,
                                                   std::uint64_t last,
                                                   std::size_t size = 100) {
    std::vector<Journal::Record> records;
    for (std::uint64_t n = first; n <= last; ++n)
        records.push_back(sample_record(n, size));
    return records;
}

// Small files, so that a test passes from one to the next.
inline JournalOptions sample_options() {
    return {.kind = "router", .segment_bytes = std::size_t{64} << 10U};
}

inline Journal open_journal(const std::filesystem::path& path) {
    auto journal = Journal::open(path, sample_options());
    INFO((journal ? "" : journal.error().message));
    REQUIRE(journal);
    return std::move(*journal);
}

// Everything the journal replays. Fails if the numbers have gaps.
inline Result<std::vector<Journal::Record>> replay_all(const Journal& journal) {
    std::vector<Journal::Record> records;
    const Status done = journal.replay(
        [&](std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> fact) -> Status {
            records.push_back({.wall = wall, .fact = {fact.begin(), fact.end()}});
            if (seq != records.size()) return fail(ErrorCode::internal, "a gap in the numbers");
            return {};
        });
    if (!done) return fail(done.error());
    return records;
}

}  // namespace nearfab::test
