// SPDX-License-Identifier: GPL-3.0-or-later
// What the router's event loop and its writing thread do with records and words.

#include "router/shell/fact_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "tests/simulation/router_host.hpp"

#include <map>
#include <utility>
#include <vector>

namespace nearfab::simulation {
namespace {

constexpr Duration disk_look_interval = std::chrono::seconds{5};
// Far below what the event loop allows: a few people and fabs make no more.
constexpr std::size_t line_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t turns_max = 1000;

// Jobs that are over, and their work.
std::map<JobId, std::pair<router::Job, std::vector<router::WorkOrder>>> over_in(
    const router::Ledger& ledger) {
    std::map<JobId, std::pair<router::Job, std::vector<router::WorkOrder>>> jobs;
    ledger.closed_jobs().each([&](const router::ClosedJob& closed) {
        auto whole = *ledger.unpack(closed);
        const JobId id = whole.job.id;
        jobs.emplace(id, std::pair{std::move(whole.job), std::move(whole.orders)});
    });
    return jobs;
}

}  // namespace

void RouterHost::watch_disk(Moment now) {
    Process& p = *process_;
    if (scene_.now < p.next_disk_look) return;
    p.next_disk_look = scene_.now + disk_look_interval;
    const bool low = !disk_.has_reserve();
    if (low != std::exchange(p.storage_low, low)) feed(now, router::StorageLow{low});
}

// ---- Snapshots, made by another process beside this one -----------------------------------------

void RouterHost::watch_snapshot() {
    Process& p = *process_;
    if (p.snapshot) {
        if (p.snapshot_at <= scene_.now) write_snapshot();
        return;
    }
    if (p.logged < scene_.setting.snapshot_after || !scene_.stormy) return;
    p.logged = 0;
    // Sometimes it reads in the middle of a commit.
    p.snapshot_wanted = true;
    if (scene_.dice.chance(0.5)) read_for_snapshot();
}

void RouterHost::read_for_snapshot() {
    Process& p = *process_;
    auto read = router::RecordsSnapshot::read(*disk_.beside());
    if (!read) return;  // As when a file goes while it reads; the next try is luckier.
    p.snapshot_wanted = false;
    if (read->is_there()) return;
    p.snapshot = std::move(*read);
    p.snapshot_at = scene_.now + scene_.dice.between({}, std::chrono::seconds{30});
}

void RouterHost::write_snapshot() {
    Process& p = *process_;
    if (scene_.strikes(Fault::crash_in_snapshot)) {
        fuse_.arm(1 + static_cast<int>(scene_.dice.below(12)));
    }
    const router::RecordsSnapshot snapshot = std::move(*p.snapshot);
    p.snapshot.reset();
    if (Status written = snapshot.write(*disk_.beside()); !written) {
        scene_.tell("router makes no snapshot: " + written.error().message);
        return;
    }
    scene_.count(Fault::snapshot_taken);
    scene_.tell("router: a snapshot stands for " + std::to_string(snapshot.last()) + " facts");
    p.adopt = snapshot.last();
}

// What was loaded is what all the facts come to.
void RouterHost::check_ledger() const {
    router::Ledger all{router::job_packing()};
    for (const Journal::Record& record : history_) {
        all.apply(record.wall, *router::decode_fact(record.fact));
        all.settle();
    }
    const router::Ledger& loaded = process_->core.ledger();
    const bool same =
        loaded.jobs() == all.jobs() && loaded.work_orders() == all.work_orders() &&
        loaded.designs() == all.designs() && loaded.breakers() == all.breakers() &&
        loaded.fabs() == all.fabs() && loaded.known_fabs() == all.known_fabs() &&
        loaded.clock_offset() == all.clock_offset() && loaded.last() == all.last() &&
        loaded.generation() == all.generation() && loaded.reconciling() == all.reconciling() &&
        loaded.inquiry() == all.inquiry() && loaded.restored_inquiry() == all.restored_inquiry() &&
        loaded.work_log() == all.work_log() && loaded.waiting_tally() == all.waiting_tally() &&
        loaded.open_work() == all.open_work() && loaded.placed_work() == all.placed_work() &&
        over_in(loaded) == over_in(all);
    if (!same) throw Violation{"INV3: the snapshot is not what its facts come to"};
}

void RouterHost::commit(Moment now) {
    Process& p = *process_;
    p.turns.add(now.wall,
                std::exchange(p.effects, {}),
                std::exchange(p.handled, {}),
                [&p](const auto& payload, std::uint32_t records) {
                    p.facts += records;
                    p.logged += payload.size();
                    return p.line.add(payload, records);
                });
    write();
    release(now);
    check_bounds();
}

// What GroupCommit's thread does: one commit after the other, of whatever has gathered.
void RouterHost::write() {
    Process& p = *process_;
    while (p.done_at || !p.line.empty() || p.adopt > 0) {
        if (!p.done_at) {
            p.line.take(p.batch);
            p.done_at = scene_.now + scene_.dice.between({}, scene_.setting.sync);
        }
        if (*p.done_at > scene_.now) return;
        bool is_written = false;
        const auto write_once = [&] {
            if (!std::exchange(is_written, true)) write_batch();
        };
        if (std::exchange(backup_wanted_, false)) disk_.back_up(write_once);
        write_once();
        p.line.finish(p.batch);
        p.done_at.reset();
    }
}

void RouterHost::write_batch() {
    Process& p = *process_;
    if (!disk_.append_payload(p.batch.payload, p.batch.count)) throw Crash{};
    if (const std::uint64_t last = std::exchange(p.adopt, 0); last > 0) {
        if (!disk_.adopt_snapshot(last)) throw Crash{};
    }
}

// INV9: what waits is counted, and bounded.
void RouterHost::check_bounds() const {
    const Process& p = *process_;
    const auto bound = [](const char* what, std::size_t bytes, std::size_t most) {
        if (bytes <= most) return;
        throw Violation{"INV9: " + std::to_string(bytes) + " " + what + ", at most " +
                        std::to_string(most)};
    };
    bound("bytes wait for peers",
          p.sessions.waiting_bytes(),
          p.sessions.size() * scene_.setting.queue_bytes_max);
    bound("bytes wait for the disk", p.line.bytes() + p.batch.payload.size(), line_bytes_max);
    bound("turns wait for the disk", p.turns.size(), turns_max);
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
