// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/pinned_blobs.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace nearfab::agent {
namespace {

const ContentHash code = hash_of("machine code");

bool is_removed(PinnedBlobs& pins, const ContentHash& hash) {
    bool removed = false;
    pins.unless_pinned(hash, [&] { removed = true; });
    return removed;
}

TEST_CASE("what is pinned is not thrown away until its last pin is gone", "[agent][pins]") {
    PinnedBlobs pins;
    CHECK(is_removed(pins, code));
    std::optional<PinnedBlobs::Pin> first{pins.pin(code)};
    {
        const PinnedBlobs::Pin second = pins.pin(code);
        first.reset();
        CHECK_FALSE(is_removed(pins, code));
        CHECK(is_removed(pins, hash_of("something else")));
    }
    CHECK(is_removed(pins, code));
}

TEST_CASE("a pin that was moved still counts once", "[agent][pins]") {
    PinnedBlobs pins;
    std::vector<PinnedBlobs::Pin> kept;
    for (int i = 0; i < 10; ++i)
        kept.push_back(pins.pin(code));  // Moves them all each time it grows.
    CHECK_FALSE(is_removed(pins, code));
    kept.clear();
    CHECK(is_removed(pins, code));
}

TEST_CASE("between pinning a file and unpinning it nobody removes it", "[agent][pins]") {
    PinnedBlobs pins;
    std::atomic<bool> over{false};
    bool is_there = false;  // The file; the pins are all that guards it, as TSan will tell.
    std::thread tidy{[&] {
        while (!over)
            pins.unless_pinned(code, [&] { is_there = false; });
    }};
    int lost = 0;
    for (int i = 0; i < 2000; ++i) {
        const PinnedBlobs::Pin pin = pins.pin(code);
        is_there = true;
        std::this_thread::yield();
        lost += is_there ? 0 : 1;
    }
    over = true;
    tidy.join();
    CHECK(lost == 0);
}

}  // namespace
}  // namespace nearfab::agent
