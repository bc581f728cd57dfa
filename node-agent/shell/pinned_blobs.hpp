// SPDX-License-Identifier: GPL-3.0-or-later
// pinned_blobs.hpp - which stored files may not be thrown away just now, by their hashes.
//
// Whoever uses a file, or is about to make it, holds a Pin; whoever tidies up asks unless_pinned,
// which keeps anyone from pinning until the removal is over. So a file that is pinned before it is
// put in its place is never removed while the pin lasts, and there is no moment in between.
//
// Every method may be called from any thread.

#pragma once

#include "base/content_hash.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

namespace nearfab::agent {

class PinnedBlobs {
public:
    // Counted: the hash is free when the last of its pins is gone. Must not outlive the
    // PinnedBlobs.
    class Pin {
    public:
        Pin(PinnedBlobs& pins, const ContentHash& hash);
        ~Pin();
        Pin(Pin&& other) noexcept;
        Pin(const Pin&) = delete;
        Pin& operator=(const Pin&) = delete;
        Pin& operator=(Pin&&) = delete;

    private:
        PinnedBlobs* pins_;
        ContentHash hash_;
    };

    [[nodiscard]] Pin pin(const ContentHash& hash) { return Pin{*this, hash}; }
    // Removes by calling `remove`, or does nothing when it is pinned.
    void unless_pinned(const ContentHash& hash, const std::function<void()>& remove);

private:
    std::mutex mutex_;
    std::map<ContentHash, std::size_t> counts_;
};

}  // namespace nearfab::agent
