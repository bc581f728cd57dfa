// SPDX-License-Identifier: GPL-3.0-or-later
// What the router's event loop and its writing thread do with records and words.

#include "tests/simulation/router_host.hpp"

namespace nearfab::simulation {
namespace {

constexpr Duration disk_look_interval = std::chrono::seconds{5};

}  // namespace

void RouterHost::watch_disk(Moment now) {
    Process& p = *process_;
    if (scene_.now < p.next_disk_look) return;
    p.next_disk_look = scene_.now + disk_look_interval;
    const bool low = !disk_.has_reserve();
    if (low != std::exchange(p.storage_low, low)) feed(now, router::StorageLow{low});
}

void RouterHost::commit(Moment now) {
    Process& p = *process_;
    p.turns.add(now.wall,
                std::exchange(p.effects, {}),
                std::exchange(p.handled, {}),
                [&p](const auto& payload, std::uint32_t records) {
                    p.facts += records;
                    return p.line.add(payload, records);
                });
    write();
    release(now);
}

// What GroupCommit's thread does: one commit after the other, of whatever has gathered.
void RouterHost::write() {
    Process& p = *process_;
    while (p.done_at || !p.line.empty()) {
        if (!p.done_at) {
            p.line.take(p.batch);
            p.done_at = scene_.now + scene_.dice.between({}, scene_.setting.sync);
        }
        if (*p.done_at > scene_.now) return;
        if (!disk_.append_payload(p.batch.payload, p.batch.count)) throw Crash{};
        p.line.finish(p.batch);
        p.done_at.reset();
    }
}

void RouterHost::release(Moment now) {
    Process& p = *process_;
    while (const auto ready = p.turns.next(p.line.durable())) {
        for (const router::Effect& effect : ready->effects) {
            fuse_.burn();
            carry_out(now, effect);
        }
        for (const auto& [session, sequence] : ready->handled)
            p.sessions.handled(session, sequence);
    }
}

}  // namespace nearfab::simulation
