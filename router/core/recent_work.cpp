// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/recent_work.hpp"

#include <algorithm>

namespace nearfab::router {

void RecentWork::add(Share share) {
    if (!entries_.empty()) share.at = std::max(share.at, entries_.back().share.at);
    entries_.push_back({share, total_});
    total_ += share.seconds;
}

void RecentWork::forget_before(WallTime moment) {
    while (!entries_.empty() && entries_.front().share.at < moment)
        entries_.pop_front();
}

std::deque<RecentWork::Share> RecentWork::shares() const {
    std::deque<Share> shares;
    for (const Entry& entry : entries_)
        shares.push_back(entry.share);
    return shares;
}

std::optional<WallTime> RecentWork::last() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.back().share.at;
}

std::int64_t RecentWork::seconds_since(WallTime moment) const {
    const auto first = find_since(moment);
    return first == entries_.end() ? 0 : total_ - first->before;
}

std::optional<WallTime> RecentWork::first_since(WallTime moment) const {
    const auto first = find_since(moment);
    if (first == entries_.end()) return std::nullopt;
    return first->share.at;
}

std::deque<RecentWork::Entry>::const_iterator RecentWork::find_since(WallTime moment) const {
    return std::partition_point(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.share.at < moment;
    });
}

}  // namespace nearfab::router
