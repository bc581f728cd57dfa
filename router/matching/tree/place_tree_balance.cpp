// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a tree is built, and how it keeps its height while entries come and go.
//
// Every inner node has two children at least. A full one is split so that either half has two; one
// that is left with a single child gives it to a sibling, or takes one from a full sibling; a root
// with a single child gives way to it. So a tree whose leaves are h inner nodes below has 2^h
// leaves at least, and since the number of a leaf has 27 bits (TreeHome), no tree is higher than
// 26, whatever came and went in whatever order. Nothing more is needed for a search to know how
// much it has to remember: at most seven siblings at each height, and one node.
//
// A leaf is split in halves whatever it holds, and one that is nearly empty is merged into a
// sibling that has room, so that no world which shrinks or moves leaves hollow leaves behind.

#include "base/check.hpp"
#include "router/matching/tree/place_tree.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace nearfab::router {
namespace {

// A new tree leaves room for arrivals.
constexpr std::size_t leaf_fill = 26;
// A leaf with so few entries is merged, if the two then hold so many at most: room for arrivals, or
// the next one would split it again.
constexpr std::size_t leaf_merges_at = TreeLeaf::size / 4;
constexpr std::size_t leaf_merged_max = TreeLeaf::size * 3 / 4;
// Either half of a split inner node has so many children.
constexpr std::size_t children_min = 2;

std::int32_t GlobePoint::*const axes[] = {&GlobePoint::x, &GlobePoint::y, &GlobePoint::z};

std::int32_t GlobePoint::*longest_axis(std::span<const TreeEntry> entries) {
    std::int32_t GlobePoint::*longest = axes[0];
    std::int64_t extent = -1;
    for (const auto axis : axes) {
        const auto [low, high] = std::minmax_element(
            entries.begin(), entries.end(), [axis](const TreeEntry& a, const TreeEntry& b) {
                return a.at.*axis < b.at.*axis;
            });
        const std::int64_t here = std::int64_t{high->at.*axis} - low->at.*axis;
        if (here > extent) {
            extent = here;
            longest = axis;
        }
    }
    return longest;
}

void order_along(std::span<TreeEntry> entries, std::size_t middle) {
    const auto axis = longest_axis(entries);
    std::nth_element(entries.begin(),
                     entries.begin() + static_cast<std::ptrdiff_t>(middle),
                     entries.end(),
                     [axis](const TreeEntry& a, const TreeEntry& b) {
                         return std::tie(a.at.*axis, a.lot, a.slot) <
                                std::tie(b.at.*axis, b.lot, b.slot);
                     });
}

std::int64_t sides_of_both(const TreeDigest& a, const TreeDigest& b) {
    TreeDigest both = a;
    include(both, b);
    return both.sides();
}

constexpr std::size_t none = TreeInner::size;

// Of the children that will do, other than this one, the one that is compact together with it.
template <class WillDo>
std::size_t nearest_sibling(const TreeInner& node, std::size_t place, const WillDo& will_do) {
    std::size_t nearest = none;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < node.count; ++i) {
        if (i == place || !will_do(i)) continue;
        const std::int64_t sides = sides_of_both(node.digest(place), node.digest(i));
        if (sides >= least) continue;
        least = sides;
        nearest = i;
    }
    return nearest;
}

std::size_t power(std::size_t base, std::size_t exponent) {
    std::size_t value = 1;
    while (exponent-- > 0)
        value *= base;
    return value;
}

}  // namespace

void PlaceTree::build(std::span<TreeEntry> entries, const Moved& moved) {
    NEARFAB_CHECK(size_ == 0, "only an empty tree is built");
    size_ = entries.size();
    if (entries.empty()) return;
    std::size_t height = 0;
    while (power(TreeInner::size, height) * leaf_fill < entries.size())
        ++height;
    height_ = height;
    root_is_leaf_ = height == 0;
    root_ = build_below(entries, height, moved).node;
}

PlaceTree::Built PlaceTree::build_below(std::span<TreeEntry> entries,
                                        std::size_t height,
                                        const Moved& moved) {
    if (height == 0) {
        const std::uint32_t id = take_leaf();
        TreeLeaf& built = leaf(id);
        for (const TreeEntry& entry : entries) {
            moved(entry.slot, no_home, home_of(id, built.count));
            built.put(built.count++, entry);
        }
        return {id, built.digest()};
    }
    const std::size_t below = power(TreeInner::size, height - 1) * leaf_fill;
    const std::size_t parts = (entries.size() + below - 1) / below;
    const std::uint32_t id = pool_->inners.take();
    inner(id).above_leaves = height == 1;
    // Halves of halves, along the longer side each time, so that children are compact.
    const auto divide = [&](const auto& self, std::span<TreeEntry> some, std::size_t into) -> void {
        if (into == 1) {
            const Built child = build_below(some, height - 1, moved);
            set_parent(child.node, height == 1, id);
            inner(id).put(inner(id).count, child.node, child.digest);
            ++inner(id).count;
            return;
        }
        const std::size_t left = into / 2;
        const std::size_t middle = some.size() * left / into;
        order_along(some, middle);
        self(self, some.first(middle), left);
        self(self, some.subspan(middle), into - left);
    };
    divide(divide, entries, parts);
    inner(id).set_planes();
    return {id, inner(id).digest()};
}

std::uint32_t PlaceTree::split(std::uint32_t full, const Moved& moved) {
    make_room_above(full, true);
    std::array<TreeEntry, TreeLeaf::size> entries;
    for (std::size_t i = 0; i < TreeLeaf::size; ++i)
        entries[i] = leaf(full).entry(i);
    const std::array<TreeEntry, TreeLeaf::size> old = entries;
    constexpr std::size_t half = TreeLeaf::size / 2;
    order_along(entries, half);
    const std::uint32_t added = take_leaf();
    TreeLeaf& left = leaf(full);
    TreeLeaf& right = leaf(added);
    left.drop_all();
    for (std::size_t i = 0; i < TreeLeaf::size; ++i) {
        const auto before = std::ranges::find(old, entries[i].slot, &TreeEntry::slot);
        const TreeHome from = home_of(full, static_cast<std::size_t>(before - old.begin()));
        TreeLeaf& half_leaf = i < half ? left : right;
        const std::uint32_t id = i < half ? full : added;
        moved(entries[i].slot, from, home_of(id, half_leaf.count));
        half_leaf.put(half_leaf.count++, entries[i]);
    }
    put_beside(full, {added, right.digest()}, true);
    return added;
}

// Sees to it that the node has a parent with a free place.
void PlaceTree::make_room_above(std::uint32_t node, bool is_leaf) {
    const std::uint32_t parent = is_leaf ? leaf(node).parent : inner(node).parent;
    if (parent == no_node) {
        const TreeDigest digest = digest_of(node, is_leaf);
        root_ = pool_->inners.take();
        root_is_leaf_ = false;
        ++height_;
        NEARFAB_CHECK(height_ <= height_max, "a tree of h levels has 2^h leaves");
        TreeInner& root = inner(root_);
        root.above_leaves = is_leaf;
        root.put(root.count++, node, digest);
        root.set_planes();
        set_parent(node, is_leaf, root_);
    } else if (inner(parent).count == TreeInner::size) {
        split_inner(parent);
    }
}

// A new sibling. REQUIRES: their parent has a free place.
void PlaceTree::put_beside(std::uint32_t node, const Built& added, bool is_leaf) {
    const std::uint32_t parent = is_leaf ? leaf(node).parent : inner(node).parent;
    TreeInner& above = inner(parent);
    above.put(above.place_of(node), node, digest_of(node, is_leaf));
    above.put(above.count++, added.node, added.digest);
    above.set_planes();
    set_parent(added.node, is_leaf, parent);
    refresh(parent, above.digest(), above.parent);
}

void PlaceTree::split_inner(std::uint32_t full) {
    make_room_above(full, false);
    const TreeInner old = inner(full);
    std::array<TreeDigest, TreeInner::size> children;
    std::array<std::uint8_t, TreeInner::size> order{};
    for (std::uint8_t i = 0; i < TreeInner::size; ++i) {
        children[i] = old.digest(i);
        order[i] = i;
    }
    const std::size_t left_count = cut(children, order, children_min).below;
    const std::uint32_t added = pool_->inners.take();
    TreeInner& left = inner(full);
    TreeInner& right = inner(added);
    right.above_leaves = old.above_leaves;
    left.drop_all();
    for (std::size_t i = 0; i < TreeInner::size; ++i) {
        const std::uint32_t to = i < left_count ? full : added;
        TreeInner& node = inner(to);
        node.put(node.count++, old.child[order[i]], children[order[i]]);
        set_parent(old.child[order[i]], old.above_leaves, to);
    }
    left.set_planes();
    right.set_planes();
    put_beside(full, {added, right.digest()}, false);
}

void PlaceTree::set_parent(std::uint32_t child, bool is_leaf, std::uint32_t parent) {
    if (is_leaf) {
        leaf(child).parent = parent;
    } else {
        inner(child).parent = parent;
    }
}

std::uint32_t PlaceTree::take_leaf() {
    const std::uint32_t id = pool_->leaves.take();
    NEARFAB_CHECK(id < leaves_max, "the number of a leaf fits the home of an entry");
    leaf(id).tree = number_;
    return id;
}

void PlaceTree::erase(TreeHome home, const Moved& moved) {
    const std::uint32_t id = leaf_of(home);
    TreeLeaf& here = leaf(id);
    const std::size_t i = place_of(home);
    const std::size_t last = here.count - 1;
    if (i != last) {
        here.put(i, here.entry(last));
        moved(here.rest[i].slot, home_of(id, last), home);
    }
    here.drop_last();
    --size_;
    const std::uint32_t parent = here.parent;
    if (here.count > 0) {
        refresh(id, here.digest(), parent);
        if (parent != no_node && here.count <= leaf_merges_at) merge_leaf(id, moved);
        return;
    }
    pool_->leaves.release(id);
    if (parent == no_node) {
        root_ = no_node;
        return;
    }
    drop_child(parent, id);
}

// Moves the entries of a nearly empty leaf to the sibling that grows least by them, if one has
// room.
void PlaceTree::merge_leaf(std::uint32_t from, const Moved& moved) {
    TreeLeaf& leaving = leaf(from);
    const std::uint32_t parent = leaving.parent;
    TreeInner& above = inner(parent);
    const std::size_t place = above.place_of(from);
    const std::size_t into = nearest_sibling(above, place, [&](std::size_t i) {
        return leaf(above.child[i]).count + leaving.count <= leaf_merged_max;
    });
    if (into == none) return;
    const std::uint32_t to = above.child[into];
    TreeLeaf& grows = leaf(to);
    for (std::size_t i = 0; i < leaving.count; ++i) {
        moved(leaving.rest[i].slot, home_of(from, i), home_of(to, grows.count));
        grows.put(grows.count++, leaving.entry(i));
    }
    above.put(into, to, grows.digest());
    pool_->leaves.release(from);
    drop_child(parent, from);
}

// The child holds nothing any more and is already released.
void PlaceTree::drop_child(std::uint32_t parent, std::uint32_t child) {
    TreeInner& node = inner(parent);
    node.remove(node.place_of(child));
    if (node.count >= children_min) {
        node.set_planes();
        refresh(parent, node.digest(), node.parent);
        return;
    }
    if (node.parent != no_node) {
        refresh(parent, node.digest(), node.parent);
        pair_up(parent);
        return;
    }
    root_ = node.child[0];
    root_is_leaf_ = node.above_leaves;
    set_parent(root_, root_is_leaf_, no_node);
    pool_->inners.release(parent);
    --height_;
}

// For an inner node, not the root, that has one child.
void PlaceTree::pair_up(std::uint32_t lonely) {
    TreeInner& node = inner(lonely);
    const std::uint32_t parent = node.parent;
    TreeInner& above = inner(parent);
    const std::size_t place = above.place_of(lonely);
    const auto has_room = [&](std::size_t i) {
        return inner(above.child[i]).count < TreeInner::size;
    };
    if (const std::size_t into = nearest_sibling(above, place, has_room); into != none) {
        move_child(lonely, 0, above.child[into]);
        above.put(into, above.child[into], inner(above.child[into]).digest());
        pool_->inners.release(lonely);
        drop_child(parent, lonely);
        return;
    }
    const std::size_t from = nearest_sibling(above, place, [](std::size_t) { return true; });
    NEARFAB_CHECK(from != none, "a node that is not the root has a sibling");
    TreeInner& gives = inner(above.child[from]);
    std::size_t given = 0;
    for (std::size_t i = 1; i < gives.count; ++i) {
        if (sides_of_both(node.digest(0), gives.digest(i)) <
            sides_of_both(node.digest(0), gives.digest(given))) {
            given = i;
        }
    }
    move_child(above.child[from], given, lonely);
    above.put(from, above.child[from], gives.digest());
    above.put(place, lonely, node.digest());
    above.set_planes();
    refresh(parent, above.digest(), above.parent);
}

// Leaves the digests above to the caller.
void PlaceTree::move_child(std::uint32_t from, std::size_t place, std::uint32_t to) {
    TreeInner& gives = inner(from);
    TreeInner& takes = inner(to);
    takes.put(takes.count++, gives.child[place], gives.digest(place));
    set_parent(gives.child[place], gives.above_leaves, to);
    gives.remove(place);
    takes.set_planes();
    if (gives.count > 0) gives.set_planes();
}

}  // namespace nearfab::router
