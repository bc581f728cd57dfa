// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the index takes, and whether it is as it should be.

#include "router/matching/index/machine_index.hpp"

namespace nearfab::router {

std::size_t MachineIndex::bytes() const {
    // A node of a map: three pointers and a colour beside its value.
    constexpr std::size_t map_node = 4 * sizeof(void*);
    return pool_.bytes() + homes_.bytes() + slots_.bytes() + machine_names_.bytes() +
           free_trees_.capacity() * sizeof(std::uint32_t) +
           trees_.size() * (sizeof(PlaceTree) + map_node) +
           processes_.size() * (sizeof(Process) + map_node);
}

std::size_t MachineIndex::record_bytes() const {
    constexpr std::size_t heap_piece = sizeof(void*);  // What the heap keeps of a piece.
    std::size_t bytes = fabs_.bytes() + fab_names_.bytes();
    for (std::uint32_t number = 0; number < fabs_.end(); ++number) {
        const FabEntry& fab = fabs_[number];
        bytes += fab.view.machines.capacity() * sizeof(MachineView) + heap_piece;
        bytes += fab.slots.capacity() * sizeof(Slot) + heap_piece;
    }
    return bytes;
}

bool MachineIndex::is_sound() const {
    std::size_t placed = 0;
    for (const PlaceTree& tree : trees_) {
        if (!tree.is_sound()) return false;
        placed += tree.size();
    }
    std::size_t homes = 0;
    for (Slot slot = 0; slot < slots_.end(); ++slot) {
        if (slots_[slot].process == nullptr) continue;
        homes += slots_[slot].homes.size;
        if (!homes_are_right(slot)) return false;
        if (slots_[slot].capability != machine_of(slot).capability) return false;
        if (find(fab_of(slot).fab, slots_[slot].capability->machine) != slot) return false;
    }
    return placed == homes && machine_names_.size() == machines_;
}

bool MachineIndex::homes_are_right(Slot slot) const {
    const std::span<const TreeHome> homes = homes_.at(slots_[slot].homes);
    TreeEntry expected = entry_of(slot);
    const auto stocks = stocks_of(slot);
    for (std::size_t home = 0; home < homes.size(); ++home) {
        expected.stock_g = stocks[home];
        const TreeLeaf& leaf = pool_.leaves[leaf_of(homes[home])];
        if (!(leaf.entry(place_of(homes[home])) == expected)) return false;
        if (home == 0 && leaf.tree != slots_[slot].process->any_material) return false;
    }
    return true;
}

}  // namespace nearfab::router
