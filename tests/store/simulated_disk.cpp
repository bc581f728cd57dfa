// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/store/simulated_disk.hpp"

#include <algorithm>
#include <cerrno>

namespace nearfab::test {
namespace {

constexpr std::size_t sector = 512;

class File final : public LogFile {
public:
    File(SimulatedDisk& disk, std::shared_ptr<SimulatedDisk::Inode> inode)
        : disk_{disk}, inode_{std::move(inode)} {}

    int read(std::uint64_t offset, std::span<std::uint8_t> into, std::size_t& got) override {
        const std::size_t from = std::min<std::size_t>(offset, inode_->now.size());
        got = std::min(into.size(), inode_->now.size() - from);
        const bool passes = disk_.in_read_at >= from && disk_.in_read_at < from + got;
        if (!disk_.in_read || !passes) {
            copy(from, into.first(got));
            return 0;
        }
        const std::size_t first = disk_.in_read_at - from;
        copy(from, into.first(first));
        disk_.in_read();
        // It may have been cut off as well.
        got = std::min(got, inode_->now.size() - std::min(from, inode_->now.size()));
        if (got > first) copy(from + first, into.subspan(first, got - first));
        return 0;
    }

    int write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        if (const int error = disk_.step(); error != 0) return error;
        if (offset + bytes.size() > inode_->now.size()) {
            const int error = grow(offset + bytes.size());
            if (disk_.cuts_now()) return disk_.cut();
            if (error != 0) return error;
        }
        // A program that is killed in a write may have done a part of it, in whole pages.
        const bool cut = disk_.cuts_now();
        if (cut) bytes = bytes.first(bytes.size() / 2 / sector * sector);
        std::copy(
            bytes.begin(), bytes.end(), inode_->now.begin() + static_cast<std::ptrdiff_t>(offset));
        inode_->wrote(offset, offset + bytes.size());
        if (cut) return disk_.cut();
        return 0;
    }

    int sync() override {
        if (const int error = disk_.step(); error != 0) return error;
        if (disk_.cuts_now()) return disk_.cut();
        inode_->sync();
        return 0;
    }

    int truncate(std::uint64_t size) override {
        if (const int error = disk_.step(); error != 0) return error;
        if (size > inode_->now.size()) return grow(size);
        inode_->now.resize(size);
        inode_->wrote(size, size);
        if (disk_.cuts_now()) return disk_.cut();
        return 0;
    }

    int reserve(std::uint64_t size) override {
        if (const int error = disk_.step(); error != 0) return error;
        if (disk_.cuts_now()) return disk_.cut();
        return size > inode_->now.size() ? grow(size) : 0;
    }

    int size(std::uint64_t& bytes) override {
        bytes = inode_->now.size();
        return 0;
    }

private:
    void copy(std::size_t from, std::span<std::uint8_t> into) const {
        std::copy_n(
            inode_->now.begin() + static_cast<std::ptrdiff_t>(from), into.size(), into.begin());
    }

    int grow(std::uint64_t size) {
        if (disk_.used() + size - inode_->now.size() > disk_.room) return ENOSPC;
        const std::size_t before = inode_->now.size();
        inode_->now.resize(size);
        inode_->wrote(before, size);
        return 0;
    }

    SimulatedDisk& disk_;
    std::shared_ptr<SimulatedDisk::Inode> inode_;
};

class Directory final : public LogStorage {
public:
    explicit Directory(SimulatedDisk& disk) : disk_{disk} {}

    int list(std::vector<std::string>& names) override {
        for (const auto& [name, inode] : disk_.names_)
            names.push_back(name);
        return 0;
    }

    int open(const std::string& name, Mode mode, std::unique_ptr<LogFile>& file) override {
        const auto found = disk_.names_.find(name);
        if (mode != Mode::create) {
            if (found == disk_.names_.end()) return ENOENT;
            file = std::make_unique<File>(disk_, found->second);
            return 0;
        }
        if (found != disk_.names_.end()) return EEXIST;
        if (const int error = disk_.step(); error != 0) return error;
        const auto inode = std::make_shared<SimulatedDisk::Inode>();
        disk_.names_[name] = inode;
        if (disk_.cuts_now()) return disk_.cut();
        file = std::make_unique<File>(disk_, inode);
        return 0;
    }

    int rename(const std::string& from, const std::string& to) override {
        if (const int error = disk_.step(); error != 0) return error;
        const auto found = disk_.names_.find(from);
        if (found == disk_.names_.end()) return ENOENT;
        disk_.names_[to] = found->second;
        disk_.names_.erase(found);
        if (disk_.cuts_now()) return disk_.cut();
        return 0;
    }

    int remove(const std::string& name) override {
        if (const int error = disk_.step(); error != 0) return error;
        const bool was_there = disk_.names_.erase(name) > 0;
        if (disk_.cuts_now()) return disk_.cut();
        return was_there ? 0 : ENOENT;
    }

    int sync_names() override {
        if (const int error = disk_.step(); error != 0) return error;
        if (disk_.cuts_now()) return disk_.cut();
        disk_.durable_names_ = disk_.names_;
        return 0;
    }

    std::string where(const std::string& name) const override { return "disk/" + name; }

private:
    SimulatedDisk& disk_;
};

}  // namespace

void SimulatedDisk::Inode::wrote(std::size_t from, std::size_t to) {
    if (dirty_from == dirty_to) {
        dirty_from = from;
        dirty_to = to;
    }
    dirty_from = std::min(dirty_from, from);
    dirty_to = std::max(dirty_to, to);
}

void SimulatedDisk::Inode::sync() {
    durable.resize(now.size());
    const std::size_t from = std::min(dirty_from, now.size());
    const std::size_t to = std::min(dirty_to, now.size());
    std::copy(now.begin() + static_cast<std::ptrdiff_t>(from),
              now.begin() + static_cast<std::ptrdiff_t>(to),
              durable.begin() + static_cast<std::ptrdiff_t>(from));
    dirty_from = dirty_to = 0;
}

SimulatedDisk SimulatedDisk::copy_of_durable() const {
    SimulatedDisk copy;
    for (const auto& [name, inode] : durable_names_) {
        const auto there = std::make_shared<Inode>();
        there->now = there->durable = inode->durable;
        copy.names_[name] = there;
    }
    copy.durable_names_ = copy.names_;
    return copy;
}

bool SimulatedDisk::holds_all(std::string_view prefix) const {
    for (auto at = names_.lower_bound(std::string{prefix});
         at != names_.end() && at->first.starts_with(prefix);
         ++at) {
        const auto there = durable_names_.find(at->first);
        if (there == durable_names_.end() || there->second != at->second) return false;
        if (at->second->dirty_from != at->second->dirty_to) return false;
    }
    return true;
}

std::map<std::string, SimulatedDisk::Inode> SimulatedDisk::unsynced() const {
    std::map<std::string, Inode> found;
    for (const auto& [name, inode] : names_) {
        if (!inode->is_durable()) found.emplace(name, *inode);
    }
    return found;
}

std::unique_ptr<LogStorage> SimulatedDisk::storage() {
    return std::make_unique<Directory>(*this);
}

int SimulatedDisk::cut() {
    dead_ = true;
    if (throws) throw PowerCut{};
    return EIO;
}

int SimulatedDisk::step() {
    ++calls;
    if (dead_) return EIO;
    if (on_call) {
        if (const int error = on_call(); error != 0) return error;
    }
    return fail_at_call != 0 && calls >= fail_at_call ? fail_with : 0;
}

std::uint64_t SimulatedDisk::used() const {
    std::uint64_t bytes = 0;
    for (const auto& [name, inode] : names_)
        bytes += inode->now.size();
    return bytes;
}

void SimulatedDisk::power_cut(std::mt19937& random) {
    // Changed names survive all or none: a journalling file system keeps their order.
    if (random() % 2 == 0) names_ = durable_names_;
    for (auto& [name, inode] : names_) {
        if (inode->is_durable()) continue;
        Bytes left = inode->durable;
        if (random() % 2 == 0) left.resize(inode->now.size());
        const std::size_t both = std::min(left.size(), inode->now.size());
        for (std::size_t at = inode->dirty_from / sector * sector;
             at < std::min(both, inode->dirty_to);
             at += sector) {
            if (random() % 2 == 0) continue;
            const std::size_t end = std::min({at + sector, left.size(), inode->now.size()});
            std::copy(inode->now.begin() + static_cast<std::ptrdiff_t>(at),
                      inode->now.begin() + static_cast<std::ptrdiff_t>(end),
                      left.begin() + static_cast<std::ptrdiff_t>(at));
        }
        inode->now = left;
        inode->durable = left;
        inode->dirty_from = inode->dirty_to = 0;
    }
    durable_names_ = names_;
    cut_at_call = 0;
    calls = 0;
    dead_ = false;
}

}  // namespace nearfab::test
