// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/place_tree.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::router {
namespace {

// A new tree leaves room for arrivals.
constexpr std::size_t leaf_fill = 28;

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

std::int64_t sides(const GlobePoint& min, const GlobePoint& max) {
    std::int64_t sum = 0;
    for (const auto axis : axes)
        sum += std::int64_t{max.*axis} - min.*axis;
    return sum;
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
    root_is_leaf_ = height == 0;
    root_ = build_below(entries, height, moved).node;
}

PlaceTree::Built PlaceTree::build_below(std::span<TreeEntry> entries,
                                        std::size_t height,
                                        const Moved& moved) {
    if (height == 0) {
        const std::uint32_t id = pool_->leaves.take();
        TreeLeaf& built = leaf(id);
        built.tree = number_;
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

void PlaceTree::prefetch(const TreeBranch& branch) const {
    constexpr std::size_t line = 64;
    // What branches() and pick() read lies first in a node.
    const auto* const begin = branch.leaf ? reinterpret_cast<const char*>(&leaf(branch.node))
                                          : reinterpret_cast<const char*>(&inner(branch.node));
    const std::size_t bytes = branch.leaf ? offsetof(TreeLeaf, slot) : offsetof(TreeInner, share_s);
    for (std::size_t at = 0; at < bytes; at += line)
        __builtin_prefetch(begin + at);
}

TreeDigest PlaceTree::digest_of(std::uint32_t node, bool is_leaf) const {
    return is_leaf ? leaf(node).digest() : inner(node).digest();
}

std::optional<TreeDigest> PlaceTree::digest() const {
    if (size_ == 0) return std::nullopt;
    return digest_of(root_, root_is_leaf_);
}

void PlaceTree::refresh(std::uint32_t node, const TreeDigest& digest, std::uint32_t parent) {
    TreeDigest now = digest;
    while (parent != no_node) {
        TreeInner& above = inner(parent);
        const std::size_t i = above.place_of(node);
        if (above.digest(i) == now) return;
        above.put(i, node, now);
        now = above.digest();
        node = parent;
        parent = above.parent;
    }
}

std::uint32_t PlaceTree::leaf_for(const TreeEntry& entry) const {
    const TreeCoordinates at = entry.coordinates();
    std::uint32_t node = root_;
    bool is_leaf = root_is_leaf_;
    while (!is_leaf) {
        const TreeInner& here = inner(node);
        node = here.child[here.planes.child_for(at)];
        is_leaf = here.above_leaves;
    }
    return node;
}

void PlaceTree::insert(const TreeEntry& entry, const Moved& moved) {
    ++size_;
    if (root_ == no_node) {
        root_ = pool_->leaves.take();
        root_is_leaf_ = true;
        leaf(root_).tree = number_;
    }
    std::uint32_t into = leaf_for(entry);
    if (leaf(into).count == TreeLeaf::size) {
        const std::uint32_t right = split(into, moved);
        // As the planes say, but never into a full half.
        const TreeInner& above = inner(leaf(into).parent);
        const std::uint32_t wanted = above.child[above.planes.child_for(entry.coordinates())];
        if (wanted == right || leaf(into).count == TreeLeaf::size) into = right;
    }
    TreeLeaf& here = leaf(into);
    moved(entry.slot, no_home, home_of(into, here.count));
    here.put(here.count++, entry);
    refresh(into, here.digest(), here.parent);
}

std::uint32_t PlaceTree::split(std::uint32_t full, const Moved& moved) {
    make_room_above(full, true);
    std::array<TreeEntry, TreeLeaf::size> entries;
    for (std::size_t i = 0; i < TreeLeaf::size; ++i)
        entries[i] = leaf(full).entry(i);
    const std::array<std::uint32_t, TreeLeaf::size> old_slots = leaf(full).slot;
    constexpr std::size_t half = TreeLeaf::size / 2;
    order_along(entries, half);
    const std::uint32_t added = pool_->leaves.take();
    TreeLeaf& left = leaf(full);
    TreeLeaf& right = leaf(added);
    right.tree = number_;
    left.count = 0;
    for (std::size_t i = 0; i < TreeLeaf::size; ++i) {
        const auto before = std::find(old_slots.begin(), old_slots.end(), entries[i].slot);
        const TreeHome from = home_of(full, static_cast<std::size_t>(before - old_slots.begin()));
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
    const std::size_t left_count = cut(children, order, 1).below;
    const std::uint32_t added = pool_->inners.take();
    TreeInner& left = inner(full);
    TreeInner& right = inner(added);
    right.above_leaves = old.above_leaves;
    left.count = 0;
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

void PlaceTree::erase(TreeHome home, const Moved& moved) {
    const std::uint32_t id = leaf_of(home);
    TreeLeaf& here = leaf(id);
    const std::size_t i = place_of(home);
    --here.count;
    --size_;
    if (i != here.count) {
        here.put(i, here.entry(here.count));
        moved(here.slot[i], home_of(id, here.count), home);
    }
    if (here.count > 0) {
        refresh(id, here.digest(), here.parent);
        return;
    }
    const std::uint32_t parent = here.parent;
    pool_->leaves.release(id);
    drop_child(parent, id);
}

// The child is empty and already released.
void PlaceTree::drop_child(std::uint32_t parent, std::uint32_t child) {
    while (parent != no_node) {
        TreeInner& node = inner(parent);
        const std::size_t i = node.place_of(child);
        --node.count;
        node.put(i, node.child[node.count], node.digest(node.count));
        if (node.count > 0) {
            node.set_planes();
            refresh(parent, node.digest(), node.parent);
            return;
        }
        child = parent;
        const std::uint32_t above = node.parent;
        pool_->inners.release(parent);
        parent = above;
    }
    root_ = no_node;
    root_is_leaf_ = true;
}

TreeEntry PlaceTree::entry(TreeHome home) const {
    return leaf(leaf_of(home)).entry(place_of(home));
}

void PlaceTree::update(TreeHome home, const TreeEntry& entry) {
    TreeLeaf& here = leaf(leaf_of(home));
    const std::size_t i = place_of(home);
    NEARFAB_CHECK(here.slot[i] == entry.slot && here.entry(i).at == entry.at,
                  "an update leaves an entry at its place");
    here.put(i, entry);
    refresh(leaf_of(home), here.digest(), here.parent);
}

void PlaceTree::set_wait(TreeHome home, std::uint32_t wait_s) {
    TreeLeaf& here = leaf(leaf_of(home));
    here.wait_s[place_of(home)] = wait_s;
    std::uint32_t least = here.wait_s[0];
    for (std::size_t i = 1; i < here.count; ++i)
        least = std::min(least, here.wait_s[i]);
    std::uint32_t node = leaf_of(home);
    for (std::uint32_t parent = here.parent; parent != no_node; parent = inner(parent).parent) {
        TreeInner& above = inner(parent);
        const std::size_t i = above.place_of(node);
        if (above.wait_s[i] == least) return;
        above.wait_s[i] = least;
        for (std::size_t k = 0; k < above.count; ++k)
            least = std::min(least, above.wait_s[k]);
        node = parent;
    }
}

void PlaceTree::regions(std::size_t most,
                        const std::function<void(const TreeDigest&)>& tell) const {
    if (size_ == 0) return;
    struct Region {
        std::int64_t size = 0;
        std::uint32_t node = no_node;
        bool is_leaf = false;
        TreeDigest digest;
        bool operator<(const Region& other) const {
            return std::tie(size, other.node) < std::tie(other.size, node);
        }
    };
    const auto region = [](std::uint32_t node, bool is_leaf, const TreeDigest& digest) {
        // A leaf cannot be opened, so it counts as smaller than everything.
        return Region{is_leaf ? -1 : sides(digest.min, digest.max), node, is_leaf, digest};
    };
    std::priority_queue<Region> open;
    open.push(region(root_, root_is_leaf_, digest_of(root_, root_is_leaf_)));
    while (!open.top().is_leaf) {
        const Region largest = open.top();
        const TreeInner& here = inner(largest.node);
        if (open.size() - 1 + here.count > most) break;
        open.pop();
        for (std::size_t i = 0; i < here.count; ++i)
            open.push(region(here.child[i], here.above_leaves, here.digest(i)));
    }
    for (; !open.empty(); open.pop())
        tell(open.top().digest);
}

bool PlaceTree::is_sound() const {
    if (root_ == no_node) return size_ == 0;
    std::size_t entries = 0;
    const std::uint32_t above = root_is_leaf_ ? leaf(root_).parent : inner(root_).parent;
    return above == no_node && is_sound_below(root_, root_is_leaf_, entries) && entries == size_;
}

bool PlaceTree::is_sound_below(std::uint32_t id, bool is_leaf, std::size_t& entries) const {
    if (is_leaf) {
        entries += leaf(id).count;
        return leaf(id).count > 0 && leaf(id).count <= TreeLeaf::size && leaf(id).tree == number_;
    }
    const TreeInner& node = inner(id);
    if (node.count == 0 || node.count > TreeInner::size) return false;
    for (std::size_t i = 0; i < node.count; ++i) {
        const std::uint32_t child = node.child[i];
        const bool below = node.above_leaves;
        if ((below ? leaf(child).parent : inner(child).parent) != id) return false;
        if (!is_sound_below(child, below, entries)) return false;
        // Digests are exact, which is more than sound.
        if (!(node.digest(i) == digest_of(child, below))) return false;
    }
    return true;
}

}  // namespace nearfab::router
