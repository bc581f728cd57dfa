// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/tree_node.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <span>

// The two loops that a search lives in are compiled for wide registers as well, chosen when the
// program starts. Sanitizers cannot run before that choice.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NEARFAB_WIDE __attribute__((target_clones("arch=x86-64-v3", "default"), optimize("O3")))
#else
#define NEARFAB_WIDE
#endif

namespace nearfab::router {
namespace {

TreeDigest digest_of(const TreeEntry& entry) {
    return {entry.at,
            entry.at,
            std::uint64_t{1} << entry.kind,
            std::uint64_t{1} << entry.terms,
            entry.wait_s,
            entry.share_s,
            entry.stock_g,
            entry.floors,
            entry.lot};
}

}  // namespace

void include(TreeDigest& whole, const TreeDigest& part) {
    whole.min = {std::min(whole.min.x, part.min.x),
                 std::min(whole.min.y, part.min.y),
                 std::min(whole.min.z, part.min.z)};
    whole.max = {std::max(whole.max.x, part.max.x),
                 std::max(whole.max.y, part.max.y),
                 std::max(whole.max.z, part.max.z)};
    whole.kinds |= part.kinds;
    whole.terms |= part.terms;
    whole.wait_s = std::min(whole.wait_s, part.wait_s);
    whole.share_s = std::min(whole.share_s, part.share_s);
    whole.stock_g = std::max(whole.stock_g, part.stock_g);
    whole.floors.price_fixed = std::min(whole.floors.price_fixed, part.floors.price_fixed);
    whole.floors.price_per_cm3 = std::min(whole.floors.price_per_cm3, part.floors.price_per_cm3);
    whole.floors.carbon_per_cm3 = std::min(whole.floors.carbon_per_cm3, part.floors.carbon_per_cm3);
    whole.lot = std::min(whole.lot, part.lot);
}

void TreeLeaf::put(std::size_t i, const TreeEntry& entry) {
    x[i] = entry.at.x;
    y[i] = entry.at.y;
    z[i] = entry.at.z;
    wait_s[i] = entry.wait_s;
    stock_g[i] = entry.stock_g;
    kind[i] = entry.kind;
    terms[i] = entry.terms;
    slot[i] = entry.slot;
    lot[i] = entry.lot;
    share_s[i] = entry.share_s;
    floors[i] = entry.floors;
}

TreeEntry TreeLeaf::entry(std::size_t i) const {
    return {{x[i], y[i], z[i]},
            slot[i],
            wait_s[i],
            share_s[i],
            stock_g[i],
            floors[i],
            lot[i],
            kind[i],
            terms[i]};
}

TreeDigest TreeLeaf::digest() const {
    TreeDigest whole = digest_of(entry(0));
    for (std::size_t i = 1; i < count; ++i)
        include(whole, digest_of(entry(i)));
    return whole;
}

TreeView TreeLeaf::view(std::size_t i, double chord2) const {
    return {chord2,
            std::uint64_t{1} << kind[i],
            std::uint64_t{1} << terms[i],
            wait_s[i],
            share_s[i],
            stock_g[i],
            floors[i],
            lot[i]};
}

void TreeInner::put(std::size_t i, std::uint32_t node, const TreeDigest& digest) {
    min_x[i] = digest.min.x;
    min_y[i] = digest.min.y;
    min_z[i] = digest.min.z;
    max_x[i] = digest.max.x;
    max_y[i] = digest.max.y;
    max_z[i] = digest.max.z;
    kinds[i] = digest.kinds;
    terms[i] = digest.terms;
    wait_s[i] = digest.wait_s;
    share_s[i] = digest.share_s;
    stock_g[i] = digest.stock_g;
    floors[i] = digest.floors;
    lot[i] = digest.lot;
    child[i] = node;
}

TreeDigest TreeInner::digest(std::size_t i) const {
    return {{min_x[i], min_y[i], min_z[i]},
            {max_x[i], max_y[i], max_z[i]},
            kinds[i],
            terms[i],
            wait_s[i],
            share_s[i],
            stock_g[i],
            floors[i],
            lot[i]};
}

TreeDigest TreeInner::digest() const {
    TreeDigest whole = digest(0);
    for (std::size_t i = 1; i < count; ++i)
        include(whole, digest(i));
    return whole;
}

std::size_t TreeInner::place_of(std::uint32_t wanted_child) const {
    for (std::size_t i = 0; i < count; ++i) {
        if (child[i] == wanted_child) return i;
    }
    NEARFAB_CHECK(false, "a node is among its parent's children");
    return 0;
}

void TreeInner::set_planes() {
    std::array<TreeDigest, size> children;
    for (std::size_t i = 0; i < count; ++i)
        children[i] = digest(i);
    planes = TreePlanes{std::span{children}.first(count)};
}

TreeView TreeInner::view(std::size_t i, const GlobePoint& from) const {
    const GlobePoint closest{std::clamp(from.x, min_x[i], max_x[i]),
                             std::clamp(from.y, min_y[i], max_y[i]),
                             std::clamp(from.z, min_z[i], max_z[i])};
    return {router::chord2(from, closest),
            kinds[i],
            terms[i],
            wait_s[i],
            share_s[i],
            stock_g[i],
            floors[i],
            lot[i]};
}

NEARFAB_WIDE
std::size_t branches(const TreeInner& node,
                     std::uint32_t id,
                     const GlobePoint& from,
                     const TreeFilter& filter,
                     float chord2_max,
                     std::array<TreeBranch, TreeInner::size>& out) {
    std::array<float, TreeInner::size> near;
    for (std::size_t i = 0; i < TreeInner::size; ++i) {
        // Coordinates lie within 2^30 of the centre, so no difference leaves 32 bits.
        const auto dx = static_cast<float>(
            std::max(0, std::max(node.min_x[i] - from.x, from.x - node.max_x[i])));
        const auto dy = static_cast<float>(
            std::max(0, std::max(node.min_y[i] - from.y, from.y - node.max_y[i])));
        const auto dz = static_cast<float>(
            std::max(0, std::max(node.min_z[i] - from.z, from.z - node.max_z[i])));
        near[i] = (dx * dx + dy * dy + dz * dz) * surely;
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < node.count; ++i) {
        if (near[i] > chord2_max || (node.kinds[i] & filter.kinds) == 0 ||
            (node.terms[i] & filter.terms) == 0 || node.wait_s[i] > filter.wait_s_max ||
            node.stock_g[i] < filter.stock_g_min) {
            continue;
        }
        std::size_t to = count++;
        for (; to > 0 && out[to - 1].chord2 < near[i]; --to)
            out[to] = out[to - 1];
        out[to] = {near[i], node.child[i], id, static_cast<std::uint8_t>(i), node.above_leaves};
    }
    return count;
}

NEARFAB_WIDE
void pick(const TreeLeaf& leaf,
          const GlobePoint& from,
          const TreeFilter& filter,
          float chord2_max,
          TreePicks& picks) {
    std::array<std::uint8_t, TreeLeaf::size> near;
    for (std::size_t i = 0; i < TreeLeaf::size; ++i) {
        const auto dx = static_cast<float>(leaf.x[i] - from.x);
        const auto dy = static_cast<float>(leaf.y[i] - from.y);
        const auto dz = static_cast<float>(leaf.z[i] - from.z);
        const float distance = (dx * dx + dy * dy + dz * dz) * surely;
        const bool passes = distance <= chord2_max && leaf.wait_s[i] <= filter.wait_s_max &&
                            leaf.stock_g[i] >= filter.stock_g_min;
        near[i] = passes ? 1 : 0;
    }
    picks.count = 0;
    for (std::size_t i = 0; i < leaf.count; ++i) {
        const bool passes = near[i] != 0 && ((filter.kinds >> leaf.kind[i]) & 1U) != 0 &&
                            ((filter.terms >> leaf.terms[i]) & 1U) != 0;
        picks.index[picks.count] = static_cast<std::uint8_t>(i);
        picks.count += passes ? 1 : 0;
    }
}

}  // namespace nearfab::router
