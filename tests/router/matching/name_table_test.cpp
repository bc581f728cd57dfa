// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/name_table.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <vector>

namespace nearfab::router {
namespace {

// Numbers are names here; `mask` makes many of them share a hash.
struct Names {
    std::size_t mask;
    NameTable table;
    std::map<std::uint32_t, bool> there;

    [[nodiscard]] std::size_t hash_of(std::uint32_t name) const {
        return (name * std::size_t{0x9E3779B97F4A7C15} >> 13U) & mask;
    }
    [[nodiscard]] bool finds(std::uint32_t name) const {
        const auto found = table.find(hash_of(name), [&](auto number) { return number == name; });
        return found == name;
    }
    void toggle(std::uint32_t name) {
        bool& is_there = there[name];
        is_there ? table.remove(hash_of(name), name) : table.add(hash_of(name), name);
        is_there = !is_there;
    }
};

TEST_CASE("a name table knows just the names that it was told", "[index]") {
    for (const std::size_t mask : {~std::size_t{0}, std::size_t{63}, std::size_t{0}}) {
        INFO("mask " << mask);
        std::mt19937 random{11};
        Names names{mask, {}, {}};
        const std::uint32_t most = mask == 0 ? 60 : 4'000;
        // It grows, shrinks to nothing and grows again.
        for (const bool more : {true, false, true}) {
            std::size_t expected = names.table.size();
            for (int step = 0; step < 3 * static_cast<int>(most); ++step) {
                const std::uint32_t name = static_cast<std::uint32_t>(random()) % most;
                const bool is_there = names.there[name];
                if (is_there == more && random() % 4 != 0) continue;
                names.toggle(name);
                expected += is_there ? std::size_t(-1) : 1;
                REQUIRE(names.table.size() == expected);
            }
            for (std::uint32_t name = 0; name < most; ++name) {
                if (names.finds(name) != names.there[name]) FAIL("name " << name);
            }
        }
        for (const auto& [name, is_there] : names.there) {
            if (is_there) names.table.remove(names.hash_of(name), name);
        }
        CHECK(names.table.size() == 0);
    }
}

TEST_CASE("names of one hash are told apart by whoever asks", "[index]") {
    NameTable table;
    for (std::uint32_t number = 0; number < 100; ++number)
        table.add(5, number);
    for (std::uint32_t wanted = 0; wanted < 100; ++wanted)
        CHECK(table.find(5, [&](auto number) { return number == wanted; }) == wanted);
    CHECK_FALSE(table.find(5, [](auto) { return false; }));
    CHECK_FALSE(table.find(6, [](auto) { return true; }));
}

TEST_CASE("a table that held many names gives their room to the next ones", "[index]") {
    Names names{~std::size_t{0}, {}, {}};
    for (std::uint32_t name = 0; name < 100'000; ++name)
        names.toggle(name);
    const std::size_t full = names.table.bytes();
    CHECK(full < 100'000 * 40);
    for (int round = 0; round < 3; ++round) {
        for (std::uint32_t name = 0; name < 100'000; ++name)
            names.toggle(name);
        for (std::uint32_t name = 0; name < 100'000; ++name)
            names.toggle(name);
    }
    CHECK(names.table.bytes() < full + full / 8);
}

}  // namespace
}  // namespace nearfab::router
