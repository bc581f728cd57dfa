// SPDX-License-Identifier: GPL-3.0-or-later
// place_tree.hpp - the world as a tree of places; every node knows what can be made below it.
//
// A leaf holds up to 30 entries (a machine, seen as one of the things it can do), an inner node up
// to 8 children. Beside the box round its entries every child carries a digest: the kinds of
// machine below it, their terms, the shortest wait, the largest stock, the lowest figures. A digest
// may promise too much, never too little. So a search can leave out a region without looking into
// it, and a rare thing is found as fast as a common one.
//
//              [ world ]                     box, kinds 110101, wait 0 s, stock 2 kg
//             /    |    \                                   |
//        [ ]      [ ]     [ ]   ...          box, kinds 100001, wait 7 min, ...
//       / | \                                               |
//   leaf leaf leaf                           kind[30] wait[30] place[30] ...
//
// A search allocates nothing. Updates work in place: an entry is written into its leaf, and digests
// are made anew upwards until one does not change. A full node is split, a nearly empty one
// is merged into another, as in a B-tree. Not thread-safe.

#pragma once

#include "router/matching/tree/globe_point.hpp"
#include "router/matching/tree/tree_node.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>

namespace nearfab::router {

struct TreeFound {
    double chord2 = 0;
    std::uint32_t slot = 0;
    std::uint32_t finish_s = 0;
    std::uint16_t lot = 0;
};

// What a search for something else than nearness goes by: smaller is better, in this order.
struct TreeCost {
    double first = 0;
    double second = 0;
    double third = 0;
    friend auto operator<=>(const TreeCost&, const TreeCost&) = default;
};

struct TreeRanked {
    TreeCost cost;
    double chord2 = 0;
    std::uint32_t slot = 0;
    std::uint32_t finish_s = 0;
    std::uint16_t lot = 0;
};

class PlaceTree {
public:
    // Told of every entry that a change has given another home, a new one included (from no_home).
    using Moved = std::function<void(std::uint32_t slot, TreeHome from, TreeHome to)>;

    // REQUIRES: the pool outlives the tree. `number` is the caller's and is kept in the leaves.
    PlaceTree(TreePool& pool, std::uint32_t number) : pool_{&pool}, number_{number} {}

    [[nodiscard]] std::size_t size() const { return size_; }
    // Inner nodes between outside and a leaf; every leaf has as many.
    [[nodiscard]] std::size_t height() const { return height_; }

    // Fills an empty tree, balanced, in n log n. The entries are put into another order.
    void build(std::span<TreeEntry> entries, const Moved& moved);
    // REQUIRES: the slot is not in the tree.
    void insert(const TreeEntry& entry, const Moved& moved);
    // REQUIRES (all four): an entry of this tree lives there.
    void erase(TreeHome home, const Moved& moved);
    // Everything but the slot and the place may change.
    void update(TreeHome home, const TreeEntry& entry);
    void set_wait(TreeHome home, std::uint32_t wait_s);
    [[nodiscard]] TreeEntry entry(TreeHome home) const;

    // The digest of everything in it; none of an empty tree.
    [[nodiscard]] std::optional<TreeDigest> digest() const;

    // The nearest entries that pass the filter and the judge, at most found.size() of them, none
    // farther than `chord2_max`; the first `count` of `found` are taken as found before (in another
    // tree). Ordered by distance, then finish, then lot. Returns how many there are now. The
    // judge's answers:
    //   accepts(slot, view)      may this one be an answer?
    //   finish_s(slot, view)     of one entry
    //   finish_floor_s(view)     no entry in the view finishes earlier
    //   before(a, b)             of two slots equal in all that, does a go first? A strict order.
    // REQUIRES: !found.empty().
    template <class Judge>
    [[nodiscard]] std::size_t nearest(const GlobePoint& from,
                                      const TreeFilter& filter,
                                      double chord2_max,
                                      const Judge& judge,
                                      std::span<TreeFound> found,
                                      std::size_t count = 0) const;

    // The same by any other cost, then lot. The judge's answers:
    //   accepts(slot, view), finish_s(slot, view), before(a, b)   as above
    //   cost(slot, view)         of one entry
    //   bound(view)              no entry in the view costs less
    template <class Judge>
    [[nodiscard]] std::size_t best(const GlobePoint& from,
                                   const TreeFilter& filter,
                                   double chord2_max,
                                   const Judge& judge,
                                   std::span<TreeRanked> found,
                                   std::size_t count = 0) const;

    // The digests of the tree's regions, at most `most` (>= 1) of them, the coarsest cut through
    // the tree that fills this number: always the largest region is opened next.
    void regions(std::size_t most, const std::function<void(const TreeDigest&)>& tell) const;

    // Checks every promise of this page, for tests.
    [[nodiscard]] bool is_sound() const;

private:
    // See place_tree_balance.cpp.
    static constexpr std::uint32_t leaves_max = no_home / homes_of_leaf;
    static constexpr std::size_t height_max = std::bit_width(leaves_max) - 1;
    // A search that goes down keeps at most 7 siblings at each height, and the node it looks at.
    static constexpr std::size_t open_max = (TreeInner::size - 1) * height_max + 1;

    struct Built {
        std::uint32_t node = no_node;
        TreeDigest digest;
    };

    [[nodiscard]] TreeLeaf& leaf(std::uint32_t id) const { return pool_->leaves[id]; }
    [[nodiscard]] TreeInner& inner(std::uint32_t id) const { return pool_->inners[id]; }
    Built build_below(std::span<TreeEntry> entries, std::size_t height, const Moved& moved);
    void prefetch(const TreeBranch& branch, const TreeFilter& filter, std::size_t turn) const;
    std::uint32_t leaf_for(const TreeEntry& entry) const;
    void refresh(std::uint32_t node, const TreeDigest& digest, std::uint32_t parent);
    std::uint32_t split(std::uint32_t full, const Moved& moved);
    void make_room_above(std::uint32_t node, bool is_leaf);
    void put_beside(std::uint32_t node, const Built& added, bool is_leaf);
    void split_inner(std::uint32_t full);
    void set_parent(std::uint32_t child, bool leaf, std::uint32_t parent);
    std::uint32_t take_leaf();
    void merge_leaf(std::uint32_t from, const Moved& moved);
    void drop_child(std::uint32_t parent, std::uint32_t child);
    void pair_up(std::uint32_t lonely);
    void move_child(std::uint32_t from, std::size_t place, std::uint32_t to);
    TreeDigest digest_of(std::uint32_t node, bool is_leaf) const;
    bool is_sound_below(std::uint32_t node, std::size_t height, std::size_t& entries) const;

    TreePool* pool_;
    std::uint32_t number_;
    std::uint32_t root_ = no_node;
    bool root_is_leaf_ = true;
    std::size_t size_ = 0;
    std::size_t height_ = 0;
};

}  // namespace nearfab::router

#include "router/matching/tree/place_tree_search.hpp"
