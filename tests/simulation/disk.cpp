// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/disk.hpp"

#include "base/check.hpp"
#include "store/journal_copy.hpp"
#include "store/journal_frame.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace nearfab::simulation {
namespace {

using std::chrono::minutes;

std::size_t hash_of_fact(std::span<const std::uint8_t> fact) {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(fact.data()), fact.size()});
}

bool is_snapshot(const std::string& name) {
    return name.starts_with("snapshot-");
}

bool is_kept(const std::string& name) {
    return name.starts_with("log-") || name == "head" || is_snapshot(name);
}

// However the copy ends, also when the router dies in the middle of it.
struct Cleared {
    std::function<void()>& hook;
    ~Cleared() { hook = {}; }
};

}  // namespace

Disk::Disk(Scene& scene, Fuse& fuse, std::string kind)
    : scene_{scene},
      fuse_{fuse},
      kind_{std::move(kind)},
      // Small files, so that the log often goes on in another one.
      segment_bytes_{(std::size_t{8} << 10U) << scene.dice.below(4)},
      random_{static_cast<std::mt19937::result_type>(scene.dice.next())} {
    attach();
}

Disk::Disk(const Disk& original, Fuse& fuse)
    : scene_{original.scene_},
      fuse_{fuse},
      kind_{original.kind_},
      segment_bytes_{original.segment_bytes_},
      disk_{original.disk_.copy_of_durable()},
      durable_{original.durable_},
      random_{static_cast<std::mt19937::result_type>(original.scene_.dice.next())},
      flips_{original.flips_} {
    attach();
}

void Disk::attach() {
    disk_.on_call = [this] { return before_call(); };
}

JournalOptions Disk::options() const {
    return {.kind = kind_, .segment_bytes = segment_bytes_};
}

// The program can die before every single thing that it does to the disk.
int Disk::before_call() {
    if (between_calls) between_calls();
    disk_.room = scene_.now < full_until_ ? disk_.used() : UINT64_MAX;
    try {
        fuse_.burn();
    } catch (const Crash&) {
        disk_.kill();
        throw;
    }
    return failing_ ? EIO : 0;
}

Status Disk::open(const PieceReader& pieces, const Journal::Reader& reader) {
    disk_.revive();
    failing_ = false;
    auto opened = Journal::open(disk_.storage(), options());
    if (!opened) {
        disk_.kill();
        return refusal(opened.error());
    }
    journal_.emplace(std::move(*opened));
    Status replayed = check_log();
    if (replayed && journal_->snapshot_seq() > 0) {
        if (const auto loaded = journal_->load_snapshot(pieces); !loaded) {
            replayed = fail(loaded.error());
        }
    }
    if (replayed) replayed = journal_->replay(reader);
    if (!replayed) {
        disk_.kill();
        journal_.reset();
        return refusal(replayed.error());
    }
    pending_.clear();
    if (journal_->seq() < durable_.size()) {
        throw Violation{"INV3: fact " + std::to_string(durable_.size()) +
                        " of the journal of the " + kind_ + " was on the disk and is gone"};
    }
    flips_.clear();  // None of them hit anything that counts.
    return {};
}

// All that the log still holds, also what a snapshot stands for.
Status Disk::check_log() {
    const auto storage = disk_.storage();
    const auto files = list_journal(*storage);
    if (!files) return fail(files.error());
    LogStart start;
    if (files->logs.front() == 1) start.begins = {.seq = 0, .chain = frame::first_chain(kind_)};
    const auto end = walk_log(
        *storage,
        kind_,
        files->logs,
        start,
        journal_->position(),
        [this](std::uint64_t seq, WallTime wall, auto fact) { return check(seq, wall, fact); });
    return end ? Status{} : fail(end.error());
}

// A program that does not start must have a reason outside of itself.
Status Disk::refusal(const Error& error) const {
    if (flips_.empty() && scene_.now >= full_until_) {
        throw Violation{"INV5: the journal of the " + kind_ +
                        " does not open, and nothing happened to its disk: " + error.message};
    }
    return fail(error);
}

// Beyond what was known to be there, a commit may have got to the disk as its program died.
Status Disk::check(std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> fact) {
    if (seq > durable_.size()) {
        NEARFAB_CHECK(seq == durable_.size() + 1, "no fact is passed over");
        durable_.push_back(hash_of_fact(fact));
        if (on_synced) on_synced(wall, fact);
        return {};
    }
    if (durable_[seq - 1] == hash_of_fact(fact)) return {};
    throw Violation{"INV3: fact " + std::to_string(seq) + " of the journal of the " + kind_ +
                    " is not what was written, and nobody noticed"};
}

void Disk::before_append() {
    fuse_.burn();
    if (scene_.strikes(Fault::disk_full)) {
        full_until_ = scene_.now + scene_.dice.between(minutes{1}, minutes{40});
    }
    failing_ = failing_ || scene_.strikes(Fault::disk_error);
}

Status Disk::append(std::span<const Journal::Record> records) {
    before_append();
    if (Status written = journal_->append(records); !written) return written;
    for (const Journal::Record& record : records)
        pending_.push_back(record);
    note_synced();
    fuse_.burn();
    return {};
}

Status Disk::append_payload(std::span<const std::uint8_t> payload, std::uint32_t count) {
    before_append();
    if (Status written = journal_->append_payload(payload, count); !written) return written;
    auto rest = payload;
    while (!rest.empty()) {
        const auto fact = frame::take_fact(rest);
        NEARFAB_CHECK(fact.has_value(), "a commit is made of whole facts");
        pending_.push_back({fact->wall, {fact->fact.begin(), fact->fact.end()}});
    }
    note_synced();
    fuse_.burn();
    return {};
}

// What the journal says is on the disk, is it?
void Disk::note_synced() {
    if (!disk_.holds_all("log-")) return;
    for (const Journal::Record& record : std::exchange(pending_, {})) {
        durable_.push_back(hash_of_fact(record.fact));
        if (on_synced) on_synced(record.wall, record.fact);
    }
}

void Disk::settle() {
    disk_.kill();
    journal_.reset();
    pending_.clear();
    // After an error of the disk nobody knows what it still took.
    const bool forgets = failing_ || scene_.dice.chance(scene_.setting.of(Fault::write_forgotten));
    failing_ = false;
    if (!forgets) return;
    const auto unsynced = disk_.unsynced();
    disk_.power_cut(random_);
    disk_.kill();
    for (const auto& [name, before] : unsynced) {
        const auto there = disk_.files().find(name);
        if (there == disk_.files().end() || there->second->now == before.durable) {
            scene_.count(Fault::write_forgotten);
        } else if (there->second->now != before.now) {
            scene_.count(Fault::write_torn);
        }
    }
}

bool Disk::flip_bit() {
    std::vector<std::string> names;
    for (const auto& [name, inode] : disk_.files()) {
        if (is_kept(name) && !inode->now.empty()) names.push_back(name);
    }
    if (names.empty() || synced() == 0) return false;
    Flip flip;
    // There is one snapshot among many other files.
    const auto snapshot = std::find_if(names.begin(), names.end(), is_snapshot);
    const bool in_snapshot = snapshot != names.end() && scene_.dice.chance(0.6);
    flip.file = in_snapshot ? *snapshot : scene_.dice.of(names);
    auto& inode = *disk_.files().at(flip.file);
    // Mostly where something is: most of a file is room in reserve.
    const auto last = std::find_if(inode.now.rbegin(), inode.now.rend(), [](auto b) { return b; });
    const auto used = static_cast<std::size_t>(inode.now.rend() - last);
    const bool in_use = used > 0 && scene_.dice.chance(0.9);
    flip.byte = scene_.dice.below(in_use ? used : inode.now.size());
    flip.mask = static_cast<std::uint8_t>(1U << scene_.dice.below(8));
    flip.changed = inode.now[flip.byte] ^= flip.mask;
    if (flip.byte < inode.durable.size()) inode.durable[flip.byte] ^= flip.mask;
    if (is_snapshot(flip.file)) scene_.count(Fault::snapshot_bit_flipped);
    flips_.push_back(std::move(flip));
    return true;
}

void Disk::repair() {
    for (const Flip& flip : std::exchange(flips_, {})) {
        const auto found = disk_.files().find(flip.file);
        if (found == disk_.files().end()) continue;
        // What was cut off or written anew meanwhile is as it should be.
        for (auto* bytes : {&found->second->now, &found->second->durable}) {
            if (flip.byte < bytes->size() && (*bytes)[flip.byte] == flip.changed) {
                (*bytes)[flip.byte] ^= flip.mask;
            }
        }
    }
}

void Disk::heal() {
    full_until_ = std::min(full_until_, scene_.now);
    failing_ = false;
}

bool Disk::back_up(const std::function<void()>& meanwhile) {
    const std::uint64_t before = synced();
    bool has_come = false;
    // Anywhere in the files; at their beginning also before the log is looked at.
    const auto log_bytes = static_cast<std::size_t>(journal_->log_bytes());
    disk_.in_read_at = scene_.dice.below(scene_.dice.chance(0.3) ? 100 : log_bytes + 100);
    disk_.in_read = [&] {
        if (!std::exchange(has_come, true)) meanwhile();
    };
    const Cleared cleared{disk_.in_read};
    // As copy_journal of a directory does when a file goes meanwhile.
    for (int tried = 1;; ++tried) {
        auto copy = std::make_unique<test::SimulatedDisk>();
        const auto copied = copy_journal(*disk_.storage(), *copy->storage(), kind_);
        if (copied && copied->end.seq < before) {
            throw Violation{"INV3: a backup lacks facts that were durable before it began"};
        }
        if (copied) {
            backup_ = std::move(copy);
            if (has_come) scene_.count(Fault::backup_while_writing);
            return true;
        }
        // The damage is found at the next start at the latest.
        if (!flips_.empty()) return false;
        const bool went_away = copied.error().code == ErrorCode::not_found && has_come;
        if (!went_away || tried > 1) {
            throw Violation{"INV5: no backup of a good disk: " + copied.error().message};
        }
    }
}

std::optional<std::uint64_t> Disk::restore() {
    if (!backup_) return std::nullopt;
    test::SimulatedDisk fresh;
    const auto copied = copy_journal(*backup_->storage(), *fresh.storage(), kind_);
    if (!copied) throw Violation{"INV5: a verified backup is damaged: " + copied.error().message};
    disk_ = fresh.copy_of_durable();
    disk_.kill();
    attach();
    flips_.clear();
    durable_.resize(std::min<std::size_t>(durable_.size(), copied->end.seq));
    return durable_.size();
}

}  // namespace nearfab::simulation
