// SPDX-License-Identifier: GPL-3.0-or-later
// tree_node.hpp - what the nodes of a place tree hold, and what a search asks of one node.
//
// What costs time is the lines of the cache that a search or a change touches (64 bytes each), so
// a node is laid out by who reads what:
//
//     leaf    line 0      kinds and terms of 30 entries, their number: sorts out most of them
//             lines 1-2   the leaf's parent, the waits: all that a new backlog touches
//             8 lines     place and stock of an entry side by side
//             8 lines     the rest of an entry side by side
//     inner   lines 0-2   kinds and terms below each of 8 children
//             line 3      waits and numbers: all that a new backlog touches
//             lines 4-6   boxes
//             line 7      stocks, lots, the parent; then what only some searches read

#pragma once

#include "router/matching/tree/figure_floor.hpp"
#include "router/matching/tree/globe_point.hpp"
#include "router/matching/tree/kind_set.hpp"
#include "router/matching/tree/node_pool.hpp"
#include "router/matching/tree/tree_planes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace nearfab::router {

// Lower bounds of what one machine asks and emits; the unit is the caller's.
struct TreeFloors {
    FigureFloor price_fixed = 0;
    FigureFloor price_per_cm3 = 0;
    FigureFloor carbon_per_cm3 = 0;
    friend bool operator==(const TreeFloors&, const TreeFloors&) = default;
};

// One machine as a thing it can do.
struct TreeEntry {
    GlobePoint at;
    std::uint32_t slot = 0;     // The caller's number of the machine; once in a tree.
    std::uint32_t wait_s = 0;   // Until it is free.
    std::uint32_t share_s = 0;  // Of recent work; less goes first.
    float stock_g = 0;          // Of the material in question.
    TreeFloors floors;
    std::uint16_t lot = 0;   // Drawn once from the machine's name: breaks ties between equals.
    std::uint8_t kind = 0;   // 0 .. 127, see KindTable.
    std::uint8_t terms = 0;  // 0 .. 63, see TermsTable.
    friend bool operator==(const TreeEntry&, const TreeEntry&) = default;

    [[nodiscard]] TreeCoordinates coordinates() const { return {at.x, at.y, at.z, lot}; }
};

// What an entry must be to be worth a closer look.
struct TreeFilter {
    KindSet kinds = KindSet::all();
    std::uint64_t terms = ~std::uint64_t{0};  // A bit per class of terms.
    std::uint32_t wait_s_max = ~std::uint32_t{0};
    float stock_g_min = 0;
};

// What is known of an entry, or promised of all entries below a node (then every number is the
// best of them, and several bits are set).
struct TreeView {
    double chord2 = 0;
    KindSet kinds;
    std::uint64_t terms = 0;
    std::uint32_t wait_s = 0;
    std::uint32_t share_s = 0;
    float stock_g = 0;
    TreeFloors floors;
    std::uint16_t lot = 0;
};

// A box and the best of everything below it.
struct TreeDigest {
    GlobePoint min;
    GlobePoint max;
    KindSet kinds;
    std::uint64_t terms = 0;
    std::uint32_t wait_s = 0;
    std::uint32_t share_s = 0;
    float stock_g = 0;
    TreeFloors floors;
    std::uint16_t lot = 0;
    friend bool operator==(const TreeDigest&, const TreeDigest&) = default;

    // Of the box, together.
    [[nodiscard]] std::int64_t sides() const {
        return (std::int64_t{max.x} - min.x) + (std::int64_t{max.y} - min.y) +
               (std::int64_t{max.z} - min.z);
    }
};

void include(TreeDigest& whole, const TreeDigest& part);

inline constexpr std::uint32_t no_node = ~std::uint32_t{0};

// Where an entry is: the number of its leaf, times the size of a leaf, plus its place in there.
using TreeHome = std::uint32_t;
inline constexpr TreeHome no_home = ~TreeHome{0};
inline constexpr std::uint32_t homes_of_leaf = 32;

[[nodiscard]] inline TreeHome home_of(std::uint32_t leaf, std::size_t place) {
    return leaf * homes_of_leaf + static_cast<TreeHome>(place);
}
[[nodiscard]] inline std::uint32_t leaf_of(TreeHome home) {
    return home / homes_of_leaf;
}
[[nodiscard]] inline std::size_t place_of(TreeHome home) {
    return home % homes_of_leaf;
}

// Of entries and children that are not there, so that a minimum needs no count.
inline constexpr std::uint32_t no_wait = ~std::uint32_t{0};

template <class Value, std::size_t size>
constexpr std::array<Value, size> filled(Value value) {
    std::array<Value, size> all{};
    all.fill(value);
    return all;
}

struct alignas(64) TreeLeaf {
    static constexpr std::size_t size = 30;

    struct Place {
        GlobePoint at;
        float stock_g = 0;
    };
    struct Rest {
        std::uint32_t slot = 0;
        std::uint32_t share_s = 0;
        std::uint16_t lot = 0;
        TreeFloors floors;
    };

    std::array<std::uint8_t, size> kind{};
    std::array<std::uint8_t, size> terms{};
    std::uint32_t count = 0;
    std::uint32_t parent = no_node;
    std::uint32_t tree = 0;  // Which of the caller's trees it belongs to.
    std::array<std::uint32_t, size> wait_s = filled<std::uint32_t, size>(no_wait);
    std::array<Place, size> place{};
    std::array<Rest, size> rest{};

    void put(std::size_t i, const TreeEntry& entry);
    // Without the last entry.
    void drop_last() { wait_s[--count] = no_wait; }
    void drop_all() {
        count = 0;
        wait_s.fill(no_wait);
    }
    [[nodiscard]] TreeEntry entry(std::size_t i) const;
    // REQUIRES: count > 0.
    [[nodiscard]] TreeDigest digest() const;
    [[nodiscard]] TreeView view(std::size_t i, double chord2) const {
        return {chord2,
                KindSet::of(kind[i]),
                std::uint64_t{1} << terms[i],
                wait_s[i],
                rest[i].share_s,
                place[i].stock_g,
                rest[i].floors,
                rest[i].lot};
    }
};
static_assert(sizeof(TreeLeaf) == 18 * 64 && offsetof(TreeLeaf, parent) == 64 &&
              offsetof(TreeLeaf, place) == 3 * 64);

struct alignas(64) TreeInner {
    static constexpr std::size_t size = 8;

    std::array<KindSet, size> kinds{};
    std::array<std::uint64_t, size> terms{};
    std::array<std::uint32_t, size> wait_s = filled<std::uint32_t, size>(no_wait);
    std::array<std::uint32_t, size> child = filled<std::uint32_t, size>(no_node);
    std::array<std::int32_t, size> min_x{};
    std::array<std::int32_t, size> max_x{};
    std::array<std::int32_t, size> min_y{};
    std::array<std::int32_t, size> max_y{};
    std::array<std::int32_t, size> min_z{};
    std::array<std::int32_t, size> max_z{};
    std::array<float, size> stock_g{};
    std::array<std::uint16_t, size> lot{};
    std::uint32_t parent = no_node;
    std::uint16_t count = 0;
    bool above_leaves = false;
    std::array<TreeFloors, size> floors{};
    std::array<std::uint32_t, size> share_s{};
    TreePlanes planes;  // Of the children as they were when one came or went last.

    void put(std::size_t i, std::uint32_t node, const TreeDigest& digest);
    // The last child takes its place.
    void remove(std::size_t i);
    void drop_all() {
        count = 0;
        wait_s.fill(no_wait);
        child.fill(no_node);
    }
    [[nodiscard]] TreeDigest digest(std::size_t i) const;
    // REQUIRES: count > 0.
    [[nodiscard]] TreeDigest digest() const;
    // REQUIRES: it is a child.
    [[nodiscard]] std::size_t place_of(std::uint32_t wanted_child) const;
    // After children came or went.
    void set_planes();
    // What is promised of a child, with the exact least distance.
    [[nodiscard]] TreeView view(std::size_t i, const GlobePoint& from) const;
};
static_assert(sizeof(TreeInner) == 10 * 64 && offsetof(TreeInner, wait_s) == 3 * 64 &&
              offsetof(TreeInner, stock_g) == 7 * 64);

// All trees of an index live in one pool, so that a tree of one entry costs one leaf.
struct TreePool {
    NodePool<TreeLeaf> leaves;
    NodePool<TreeInner> inners;

    [[nodiscard]] std::size_t bytes() const { return leaves.bytes() + inners.bytes(); }
    // Fetches what a change of the wait reads: of the leaf, then, when that is there, above it.
    void prefetch_wait(TreeHome home) const {
        const auto* const begin = reinterpret_cast<const char*>(&leaves[leaf_of(home)]);
        __builtin_prefetch(begin + offsetof(TreeLeaf, parent), 1);
        __builtin_prefetch(begin + offsetof(TreeLeaf, parent) + 64, 1);
    }
    void prefetch_wait_above(TreeHome home) const {
        const std::uint32_t parent = leaves[leaf_of(home)].parent;
        if (parent != no_node) __builtin_prefetch(&inners[parent].wait_s, 1);
    }
};

// A child that may hold an answer.
struct TreeBranch {
    float chord2 = 0;  // No entry below is nearer.
    std::uint32_t node = no_node;
    std::uint32_t parent = no_node;  // Whose digest of the node is at `index`.
    std::uint8_t index = 0;
    bool leaf = false;
};

// Distances in float are rounded; a lower bound gives up a little more than that.
inline constexpr float surely = 1 - 1e-6F;
// A lower bound of something exactly as far as the last answer is at least this part of a reach
// that was rounded up (place_tree_search.hpp): both roundings, and those of the float itself.
inline constexpr float nearly_there = 1 - 3e-6F;

// The children that can hold an answer within `chord2_max`, farthest first.
std::size_t branches(const TreeInner& node,
                     std::uint32_t id,
                     const GlobePoint& from,
                     const TreeFilter& filter,
                     float chord2_max,
                     std::array<TreeBranch, TreeInner::size>& out);

// A bit for each entry that passes the filter, but for its stock.
[[nodiscard]] std::uint32_t pick(const TreeLeaf& leaf, const TreeFilter& filter);

}  // namespace nearfab::router
