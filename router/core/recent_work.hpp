// SPDX-License-Identifier: GPL-3.0-or-later
// recent_work.hpp - the work that one fab was given lately, and how much of it is recent.
//
// How much that is, since any moment, is counted exactly and costs a search in a sorted list,
// however much the fab was given.

#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace nearfab::router {

class RecentWork {
public:
    struct Share {
        WallTime at;               // Steady, see ledger.hpp.
        std::int64_t seconds = 0;  // Of work.
        friend bool operator==(const Share&, const Share&) = default;
    };

    // A moment before the last one counts as the last one.
    void add(Share share);
    void forget_before(WallTime moment);

    // Oldest first.
    [[nodiscard]] std::deque<Share> shares() const;
    [[nodiscard]] std::optional<WallTime> last() const;
    // Seconds of work given at `moment` or after it.
    [[nodiscard]] std::int64_t seconds_since(WallTime moment) const;
    // When the oldest of that work was given; none: there is none.
    [[nodiscard]] std::optional<WallTime> first_since(WallTime moment) const;

    friend bool operator==(const RecentWork& a, const RecentWork& b) {
        return a.shares() == b.shares();
    }

private:
    struct Entry {
        Share share;
        std::int64_t before = 0;  // Seconds of all shares before this one, those forgotten too.
    };
    [[nodiscard]] std::deque<Entry>::const_iterator find_since(WallTime moment) const;

    std::deque<Entry> entries_;
    std::int64_t total_ = 0;  // With all that was forgotten.
};

}  // namespace nearfab::router
