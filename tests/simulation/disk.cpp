// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/disk.hpp"

#include <array>

namespace nearfab::simulation {

ContentHash Disk::chained(const ContentHash& before, const Row& row) {
    const auto ms = static_cast<std::uint64_t>(row.wall.time_since_epoch().count());
    std::array<std::uint8_t, 8> wall{};
    for (std::size_t i = 0; i < wall.size(); ++i)
        wall[i] = static_cast<std::uint8_t>(ms >> (8 * i));
    ContentHasher hasher;
    hasher.add(before.bytes);
    hasher.add(wall);
    hasher.add(row.fact);
    return hasher.finish();
}

Status Disk::append(std::span<const Journal::Record> records) {
    fuse_.burn();
    if (scene_.strikes(Fault::disk_full)) {
        return fail(ErrorCode::storage, "the disk is full");
    }
    for (const Journal::Record& record : records) {
        Row row{record.wall, record.fact, {}};
        row.chain = chained(rows_.empty() ? ContentHash{} : rows_.back().chain, row);
        rows_.push_back(std::move(row));
    }
    if (scene_.strikes(Fault::disk_error)) {
        settle();  // Nobody can know what the disk holds now.
        return fail(ErrorCode::storage, "the disk did not take it");
    }
    fuse_.burn();
    sync();
    fuse_.burn();
    return {};
}

void Disk::sync() {
    for (; synced_ < rows_.size(); ++synced_) {
        if (on_synced) on_synced(rows_[synced_].fact);
    }
}

void Disk::settle() {
    if (rows_.size() == synced_) return;
    if (scene_.dice.chance(scene_.setting.of(Fault::write_forgotten))) {
        scene_.count(scene_.dice.chance(0.5) ? Fault::write_forgotten : Fault::write_torn);
        rows_.resize(synced_);
    } else {
        sync();
    }
}

bool Disk::flip_bit() {
    if (synced_ == 0) return false;
    const std::size_t row = scene_.dice.below(synced_);
    if (rows_[row].fact.empty()) return false;
    const std::size_t byte = scene_.dice.below(rows_[row].fact.size());
    const auto mask = static_cast<std::uint8_t>(1U << scene_.dice.below(8));
    rows_[row].fact[byte] ^= mask;
    flips_.push_back({row, byte, mask});
    return true;
}

void Disk::mend() {
    for (const Flip& flip : flips_)
        rows_[flip.row].fact[flip.byte] ^= flip.mask;
    flips_.clear();
}

void Disk::restore(std::size_t rows) {
    mend();
    rows_.resize(rows);
    synced_ = rows;
}

Status Disk::replay(const Journal::Reader& reader) const {
    ContentHash chain;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        chain = chained(chain, rows_[i]);
        if (chain != rows_[i].chain) {
            return fail(ErrorCode::storage, "fact " + std::to_string(i + 1) + " was changed");
        }
        if (Status taken = reader(i + 1, rows_[i].wall, rows_[i].fact); !taken) return taken;
    }
    return {};
}

}  // namespace nearfab::simulation
