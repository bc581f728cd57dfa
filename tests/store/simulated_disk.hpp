// SPDX-License-Identifier: GPL-3.0-or-later
// simulated_disk.hpp - a disk in memory that behaves as badly as disks do.
//
// Until it is synced a write may be lost, sector by sector and in any order; power_cut() decides
// which by a seed. It can be made small, and its calls can be made to fail or to end the program
// (an exception) at the n-th of them. A file's data and a directory's names are synced apart, as on
// a real one.

#pragma once

#include "store/log_storage.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::test {

struct PowerCut {};  // Thrown by the call at which the power goes.

class SimulatedDisk {
public:
    using Bytes = std::vector<std::uint8_t>;
    struct Inode {
        Bytes now;      // What a program reads.
        Bytes durable;  // What is left if nothing unsynced survives.
        // Written since the last sync, from there to there; equal: nothing.
        std::size_t dirty_from = 0;
        std::size_t dirty_to = 0;

        [[nodiscard]] bool is_durable() const {
            return dirty_from == dirty_to && now.size() == durable.size();
        }
        void wrote(std::size_t from, std::size_t to);
        void sync();
    };

    // A view for one run of a program; the disk outlives it.
    [[nodiscard]] std::unique_ptr<LogStorage> storage();

    // Everything unsynced survives or not, by chance: each sector of a file, each name.
    void power_cut(std::mt19937& random);

    // The same bytes under the same names, all of it durable: another disk for another computer.
    [[nodiscard]] SimulatedDisk copy_of_durable() const;

    // Of every file whose name begins so, name and all that was written are there for good. What
    // was cut off may come back.
    [[nodiscard]] bool holds_all(std::string_view prefix) const;

    // Copies of the files of which something is not, by name.
    [[nodiscard]] std::map<std::string, Inode> unsynced() const;

    // Called first by every call that changes or syncs something; may throw, or return an error
    // for that call.
    std::function<int()> on_call;
    // Called in the middle of each read of a file that passes this byte: what somebody else writes
    // then is in the second part and not in the first.
    std::function<void()> in_read;
    std::size_t in_read_at = 0;
    // Every call that changes or syncs something counts. 0: never.
    std::uint64_t cut_at_call = 0;   // It does its work in part, then PowerCut is thrown.
    std::uint64_t fail_at_call = 0;  // It returns fail_with and nothing later is believed.
    int fail_with = 0;
    std::uint64_t calls = 0;
    std::uint64_t room = UINT64_MAX;  // Bytes of all files together.

    [[nodiscard]] std::uint64_t used() const;
    // Files by name, as a program sees them.
    [[nodiscard]] std::map<std::string, std::shared_ptr<Inode>>& files() { return names_; }

    // For the files of storage(). 0, or the error that this call is to return.
    [[nodiscard]] int step();
    [[nodiscard]] bool cuts_now() const { return cut_at_call != 0 && calls == cut_at_call; }
    // From here on nothing changes the disk any more, whatever a program's clean-up tries.
    [[nodiscard]] int cut();
    [[nodiscard]] bool dead() const { return dead_; }
    // The program is gone: what its clean-up tries changes nothing. Then another run may begin, in
    // front of what a system that went on would still hold.
    void kill() { dead_ = true; }
    void revive() { dead_ = false; }
    bool throws = true;  // False while a destructor runs: the call at which it goes only fails.

    std::map<std::string, std::shared_ptr<Inode>> names_;
    std::map<std::string, std::shared_ptr<Inode>> durable_names_;
    bool dead_ = false;
};

}  // namespace nearfab::test
