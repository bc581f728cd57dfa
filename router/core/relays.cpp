// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/relays.hpp"

#include <algorithm>

namespace nearfab::router {

std::uint64_t Relays::open(Relay relay) {
    open_.emplace_hint(open_.end(), ++last_, std::move(relay));
    return last_;
}

Relay* Relays::find(const FabId& fab, std::uint64_t request) {
    const auto at = open_.find(request);
    return at == open_.end() || at->second.fab != fab ? nullptr : &at->second;
}

std::size_t Relays::open_at(const FabId& fab) const {
    return static_cast<std::size_t>(std::count_if(
        open_.begin(), open_.end(), [&](const auto& entry) { return entry.second.fab == fab; }));
}

std::size_t Relays::open_of(const IdentityId& who) const {
    return static_cast<std::size_t>(std::count_if(
        open_.begin(), open_.end(), [&](const auto& entry) { return entry.second.who == who; }));
}

std::optional<TimePoint> Relays::first_end() const {
    if (open_.empty()) return std::nullopt;
    return open_.begin()->second.until;
}

std::vector<Relay> Relays::take_due(TimePoint now) {
    std::vector<Relay> due;
    while (!open_.empty() && open_.begin()->second.until <= now) {
        due.push_back(std::move(open_.begin()->second));
        open_.erase(open_.begin());
    }
    return due;
}

std::vector<Relay> Relays::take_of_fab(const FabId& fab) {
    std::vector<Relay> taken;
    for (auto at = open_.begin(); at != open_.end();) {
        if (at->second.fab != fab) {
            ++at;
            continue;
        }
        taken.push_back(std::move(at->second));
        at = open_.erase(at);
    }
    return taken;
}

void Relays::forget_session(std::uint64_t session) {
    std::erase_if(open_, [&](const auto& entry) { return entry.second.session == session; });
}

}  // namespace nearfab::router
