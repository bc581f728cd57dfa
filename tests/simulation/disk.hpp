// SPDX-License-Identifier: GPL-3.0-or-later
// disk.hpp - a journal on a disk that forgets, tears, fills up and changes bits by itself.
//
// It promises what store/journal.hpp promises and nothing more: what append() has accepted is
// there for ever; of what it was still writing when the program died, all or nothing is there.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "store/journal.hpp"
#include "tests/simulation/computer.hpp"
#include "tests/simulation/scene.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace nearfab::simulation {

class Disk {
public:
    Disk(Scene& scene, Fuse& fuse) : scene_{scene}, fuse_{fuse} {}
    // A copy of what is on it, for another computer.
    Disk(const Disk& original, Fuse& fuse)
        : scene_{original.scene_}, fuse_{fuse}, rows_{original.rows_} {
        rows_.resize(original.synced_);
        synced_ = original.synced_;
    }

    // As Journal::append. An error ends the program, as in the real shells.
    [[nodiscard]] Status append(std::span<const Journal::Record> records);
    [[nodiscard]] Status replay(const Journal::Reader& reader) const;
    // The program died: what becomes of the write that was under way.
    void settle();

    [[nodiscard]] std::size_t synced() const { return synced_; }
    // One bit of what is stored changes; false when nothing is stored.
    bool flip_bit();
    // From the copy that the operator keeps elsewhere.
    void mend();
    // An old copy takes the place of everything.
    void restore(std::size_t rows);
    // Told of each row as soon as it is there for good.
    std::function<void(std::span<const std::uint8_t>)> on_synced;

private:
    struct Row {
        WallTime wall;
        std::vector<std::uint8_t> fact;
        ContentHash chain;
    };
    [[nodiscard]] static ContentHash chained(const ContentHash& before, const Row& row);
    void sync();

    Scene& scene_;
    Fuse& fuse_;
    std::vector<Row> rows_;
    std::size_t synced_ = 0;  // Rows beyond are being written.
    struct Flip {
        std::size_t row = 0;
        std::size_t byte = 0;
        std::uint8_t mask = 0;
    };
    std::vector<Flip> flips_;
};

}  // namespace nearfab::simulation
