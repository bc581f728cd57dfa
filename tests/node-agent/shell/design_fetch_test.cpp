// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/design_fetch.hpp"

#include "host/random.hpp"
#include "proto/model/limits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <vector>

namespace nearfab::agent {
namespace {

// A folder of its own for each test, and a router that keeps what it is asked.
struct Fetching {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("nearfab-fetch-" + random_hex(8));
    std::vector<std::uint8_t> design = std::vector<std::uint8_t>(900'000, 7);
    ContentHash name = hash_of(design);
    BlobStore store = *BlobStore::open(folder, {});
    bool connected = true;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> asked;  // Offset and correlation.
    DesignFetch fetch{store, [this](const message::ReadChunk& question, std::uint64_t correlation) {
                          if (connected) asked.emplace_back(question.offset, correlation);
                          return connected;
                      }};
    TimePoint now{Duration{1000}};

    ~Fetching() {
        std::error_code ignored_because_the_test_is_over;
        std::filesystem::remove_all(folder, ignored_because_the_test_is_over);
    }

    message::DesignChunk chunk(std::uint64_t offset,
                               std::size_t length = limits::chunk_bytes_max) const {
        const auto begin = design.begin() + static_cast<std::ptrdiff_t>(offset);
        const auto end = design.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                              offset + length, design.size()));
        return {name, offset, design.size(), {begin, end}};
    }

    // Answers every question, also those that follow; the outcome.
    std::optional<Event> answer_all() {
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (auto outcome = fetch.take(now, chunk(asked[i].first))) return outcome;
        }
        return std::nullopt;
    }
};

TEST_CASE_METHOD(Fetching,
                 "a design comes in pieces and is checked before it counts",
                 "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    CHECK(asked.size() == 4);
    const auto outcome = answer_all();
    REQUIRE(outcome);
    CHECK(std::get<event::DesignFetched>(*outcome).design == name);
    CHECK(store.has(name));
    CHECK(asked.size() == 7);
    const auto again = fetch.fetch(now, name, design.size());
    REQUIRE(again);
    CHECK(std::holds_alternative<event::DesignFetched>(*again));
}

TEST_CASE_METHOD(Fetching,
                 "bytes that are not the design are refused and not kept",
                 "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    design.back() = 8;
    const auto outcome = answer_all();
    REQUIRE(outcome);
    CHECK(std::get<event::DesignFetchFailed>(*outcome).design == name);
    CHECK_FALSE(store.has(name));
}

TEST_CASE_METHOD(Fetching, "a lost session costs only what was on its way", "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    CHECK_FALSE(fetch.take(now, chunk(0)));
    CHECK_FALSE(fetch.take(now, chunk(limits::chunk_bytes_max)));
    asked.clear();
    fetch.resume(now);
    REQUIRE(asked.size() == 4);
    CHECK(asked.front().first == 2 * limits::chunk_bytes_max);
    CHECK(answer_all());
}

TEST_CASE_METHOD(Fetching, "without a session it waits for the next one", "[agent][fetch]") {
    connected = false;
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    CHECK(asked.empty());
    connected = true;
    fetch.resume(now);
    CHECK(answer_all());
}

TEST_CASE_METHOD(Fetching, "a silent router is asked again after 30 s", "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    asked.clear();
    CHECK(fetch.next_deadline() == now + std::chrono::seconds{30});
    fetch.tick(now + std::chrono::seconds{29});
    CHECK(asked.empty());
    fetch.tick(now + std::chrono::seconds{30});
    CHECK(asked.size() == 4);
}

TEST_CASE_METHOD(Fetching,
                 "a router that never answers is not remembered a thousand times",
                 "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    for (int i = 0; i < 1000; ++i) {
        now += std::chrono::seconds{30};
        fetch.tick(now);
        REQUIRE(fetch.open_questions() == 4);
    }
    CHECK(asked.size() == 4004);
    // An old question is forgotten; an open one still counts.
    CHECK_FALSE(fetch.refused(asked.front().second, {ErrorCode::not_found, "gone", ""}));
    CHECK(fetch.refused(asked.back().second, {ErrorCode::not_found, "gone", ""}));
    CHECK(fetch.open_questions() == 0);
}

TEST_CASE_METHOD(Fetching, "an answered question is forgotten", "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    for (std::size_t i = 0; i + 1 < 7; ++i) {
        CHECK_FALSE(fetch.take(now, chunk(i * limits::chunk_bytes_max)));
        CHECK(fetch.open_questions() == std::min<std::size_t>(4, 7 - (i + 1)));
    }
    CHECK_FALSE(fetch.take(now, chunk(0, 10)));
    REQUIRE(fetch.take(now, chunk(6 * limits::chunk_bytes_max)));
    CHECK(fetch.open_questions() == 0);
}

TEST_CASE_METHOD(Fetching,
                 "short pieces, double pieces and stray pieces do no harm",
                 "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    CHECK_FALSE(fetch.take(now, chunk(0, 1000)));
    CHECK_FALSE(fetch.take(now, chunk(0, 1000)));
    CHECK_FALSE(fetch.take(now, chunk(limits::chunk_bytes_max)));
    CHECK(asked.back().first >= 1000);
    CHECK(answer_all());
    CHECK(store.has(name));
    CHECK_FALSE(fetch.take(now, chunk(0)));
}

TEST_CASE_METHOD(Fetching, "a refusal ends the fetch with the router's reason", "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size()));
    CHECK_FALSE(fetch.refused(999, {ErrorCode::not_found, "?", ""}));
    const auto outcome = fetch.refused(asked.front().second, {ErrorCode::not_found, "gone", ""});
    REQUIRE(outcome);
    CHECK(std::get<event::DesignFetchFailed>(*outcome).reason == "gone");
}

TEST_CASE_METHOD(Fetching, "another size than the offer's is refused", "[agent][fetch]") {
    CHECK_FALSE(fetch.fetch(now, name, design.size() + 1));
    const auto outcome = fetch.take(now, chunk(0));
    REQUIRE(outcome);
    CHECK(std::holds_alternative<event::DesignFetchFailed>(*outcome));
}

}  // namespace
}  // namespace nearfab::agent
