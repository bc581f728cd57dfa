// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/place_tree.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cstddef>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::router {

// What is looked at next, and after that. A node's first line says most; the rest of it is fetched
// at once for what comes first, and of a leaf only if many of its entries will be looked at.
void PlaceTree::prefetch(const TreeBranch& branch,
                         const TreeFilter& filter,
                         std::size_t turn) const {
    constexpr std::size_t line = 64;
    const auto fetch = [](const void* node, std::size_t from, std::size_t to) {
        for (std::size_t at = from; at < to; at += line)
            __builtin_prefetch(static_cast<const char*>(node) + at);
    };
    if (!branch.leaf) {
        if (turn <= 2) fetch(&inner(branch.node), 0, offsetof(TreeInner, floors));
        return;
    }
    const TreeLeaf& next = leaf(branch.node);
    fetch(&next, 0, line);
    if (turn > 2) return;
    if (filter.wait_s_max != no_wait) fetch(&next, line, offsetof(TreeLeaf, place));
    const KindSet& kinds = inner(branch.parent).kinds[branch.index];
    if (2 * (kinds & filter.kinds).size() >= kinds.size())
        fetch(&next, offsetof(TreeLeaf, place), offsetof(TreeLeaf, rest));
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
        root_ = take_leaf();
        root_is_leaf_ = true;
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

TreeEntry PlaceTree::entry(TreeHome home) const {
    return leaf(leaf_of(home)).entry(place_of(home));
}

void PlaceTree::update(TreeHome home, const TreeEntry& entry) {
    TreeLeaf& here = leaf(leaf_of(home));
    const std::size_t i = place_of(home);
    NEARFAB_CHECK(here.rest[i].slot == entry.slot && here.place[i].at == entry.at,
                  "an update leaves an entry at its place");
    here.put(i, entry);
    refresh(leaf_of(home), here.digest(), here.parent);
}

void PlaceTree::set_wait(TreeHome home, std::uint32_t wait_s) {
    TreeLeaf& here = leaf(leaf_of(home));
    here.wait_s[place_of(home)] = wait_s;
    std::uint32_t least = *std::ranges::min_element(here.wait_s);
    std::uint32_t node = leaf_of(home);
    for (std::uint32_t parent = here.parent; parent != no_node; parent = inner(parent).parent) {
        TreeInner& above = inner(parent);
        const std::size_t i = above.place_of(node);
        if (above.wait_s[i] == least) return;
        above.wait_s[i] = least;
        least = *std::ranges::min_element(above.wait_s);
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
        return Region{is_leaf ? -1 : digest.sides(), node, is_leaf, digest};
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
    if (root_ == no_node) return size_ == 0 && height_ == 0;
    std::size_t entries = 0;
    const std::uint32_t above = root_is_leaf_ ? leaf(root_).parent : inner(root_).parent;
    return above == no_node && root_is_leaf_ == (height_ == 0) &&
           is_sound_below(root_, height_, entries) && entries == size_;
}

bool PlaceTree::is_sound_below(std::uint32_t id, std::size_t height, std::size_t& entries) const {
    if (height == 0) {
        entries += leaf(id).count;
        return leaf(id).count > 0 && leaf(id).count <= TreeLeaf::size && leaf(id).tree == number_;
    }
    const TreeInner& node = inner(id);
    if (node.count < 2 || node.count > TreeInner::size) return false;
    const bool below = height == 1;
    if (node.above_leaves != below) return false;
    for (std::size_t i = 0; i < node.count; ++i) {
        const std::uint32_t child = node.child[i];
        if ((below ? leaf(child).parent : inner(child).parent) != id) return false;
        if (!is_sound_below(child, height - 1, entries)) return false;
        // Digests are exact, which is more than sound.
        if (!(node.digest(i) == digest_of(child, below))) return false;
    }
    return true;
}

}  // namespace nearfab::router
