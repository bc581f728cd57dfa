// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal.hpp"
#include "tests/store/journal_samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>

namespace nearfab {
namespace {

struct Spread {
    double median_us = 0;
    double p99_us = 0;
    double worst_us = 0;
};

Spread time_commits(Journal& journal, std::size_t batch, int commits) {
    const auto records = test::sample_records(1, batch, 200);
    std::vector<double> times_us;
    for (int i = 0; i < commits; ++i) {
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(journal.append(records));
        const std::chrono::duration<double, std::micro> taken =
            std::chrono::steady_clock::now() - start;
        times_us.push_back(taken.count());
    }
    std::ranges::sort(times_us);
    return {times_us[times_us.size() / 2], times_us[times_us.size() * 99 / 100], times_us.back()};
}

// Hidden: run with `store_test "[.bench]"`.
TEST_CASE("time of a durable commit of facts of 200 bytes", "[.bench]") {
    const test::ScratchDirectory scratch;
    for (const std::size_t batch : {1U, 100U, 1000U}) {
        Journal journal = test::open_journal(scratch / ("j" + std::to_string(batch)));
        const Spread spread = time_commits(journal, batch, batch == 1000U ? 200 : 1000);
        WARN("batch of " << batch << ": median " << spread.median_us << " us, p99 " << spread.p99_us
                         << " us, worst " << spread.worst_us << " us, "
                         << static_cast<double>(batch) * 1e6 / spread.median_us
                         << " facts/s at the median");
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(test::replay_all(journal));
        const std::chrono::duration<double, std::milli> taken =
            std::chrono::steady_clock::now() - start;
        WARN("replay of " << journal.seq() << " facts: " << taken.count() << " ms");
    }
}

}  // namespace
}  // namespace nearfab
