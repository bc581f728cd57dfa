// SPDX-License-Identifier: GPL-3.0-or-later
// disk.hpp - a program's real journal (store/journal.hpp) on a disk that forgets, tears, fills up,
// fails and changes bits by itself.
//
// It keeps beside the journal what is physically there for good, so that the journal is held to its
// word: what was durable once is there at every later start, byte for byte.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/journal.hpp"
#include "tests/simulation/computer.hpp"
#include "tests/simulation/scene.hpp"
#include "tests/store/simulated_disk.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace nearfab::simulation {

class Disk {
public:
    // "router" or "agent", as JournalOptions says.
    Disk(Scene& scene, Fuse& fuse, std::string kind);
    // A copy of what is on it for good, for another computer.
    Disk(const Disk& original, Fuse& fuse);
    ~Disk() { disk_.kill(); }  // The journal is not closed in order.
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    // The program starts: opens its journal and gives the pieces of the last snapshot and every
    // fact behind it to the readers. An error is one
    // that keeps the program from starting; repair() says what a person does about it.
    [[nodiscard]] Status open(const PieceReader& pieces, const Journal::Reader& reader);
    // One commit, as the functions of the journal with these names. An error ends the program, as
    // in the real shells.
    [[nodiscard]] Status append(std::span<const Journal::Record> records);
    [[nodiscard]] Status append_payload(std::span<const std::uint8_t> payload, std::uint32_t count);
    // The program died, and sometimes its computer with it: then what was not synced is lost,
    // sector by sector.
    void settle();
    // What was changed is put right from the copy that the operator keeps elsewhere.
    void repair();
    // Faults end.
    void heal();

    // Facts that are on the disk for good.
    [[nodiscard]] std::uint64_t synced() const { return durable_.size(); }
    // There is room for the next file of the log. REQUIRES: the journal is open.
    [[nodiscard]] bool has_reserve() { return journal_->has_reserve(); }
    [[nodiscard]] std::uint64_t snapshot_seq() { return journal_->snapshot_seq(); }
    // For another program that reads and writes beside the journal's owner.
    [[nodiscard]] std::unique_ptr<LogStorage> beside() { return disk_.storage(); }
    // A snapshot up to this fact was written beside it.
    [[nodiscard]] Status adopt_snapshot(std::uint64_t last) {
        return journal_->adopt_snapshot(last);
    }
    // Between two calls of the journal to the disk, and before each.
    std::function<void()> between_calls;
    // One bit of what is stored changes; false when nothing is stored.
    bool flip_bit();
    // As `nearfab-router backup`, beside the running program, which does `meanwhile` in the middle
    // of it, or never; false when the disk has changed something. REQUIRES: the journal is open.
    bool back_up(const std::function<void()>& meanwhile);
    [[nodiscard]] bool has_backup() const { return backup_ != nullptr; }
    // As `nearfab-router restore`: how many facts are left; nothing when there is no backup.
    std::optional<std::uint64_t> restore();
    // Told of each fact as soon as it is there for good.
    std::function<void(WallTime, std::span<const std::uint8_t>)> on_synced;

private:
    struct Flip {
        std::string file;
        std::size_t byte = 0;
        std::uint8_t mask = 0;
        std::uint8_t changed = 0;  // What stands there since.
    };

    void attach();
    int before_call();
    void before_append();
    void note_synced();
    [[nodiscard]] Status refusal(const Error& error) const;
    [[nodiscard]] Status check(std::uint64_t seq,
                               WallTime wall,
                               std::span<const std::uint8_t> fact);
    [[nodiscard]] Status check_log();
    [[nodiscard]] JournalOptions options() const;

    Scene& scene_;
    Fuse& fuse_;
    std::string kind_;
    std::size_t segment_bytes_;
    test::SimulatedDisk disk_;
    std::optional<Journal> journal_;
    std::vector<std::size_t> durable_;     // A hash of each fact.
    std::deque<Journal::Record> pending_;  // Accepted by the journal, and not there for good.
    std::mt19937 random_;
    bool failing_ = false;
    TimePoint full_until_;
    std::vector<Flip> flips_;
    std::unique_ptr<test::SimulatedDisk> backup_;
};

}  // namespace nearfab::simulation
