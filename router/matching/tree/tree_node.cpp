// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/tree_node.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

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
            KindSet::of(entry.kind),
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
    kind[i] = entry.kind;
    terms[i] = entry.terms;
    wait_s[i] = entry.wait_s;
    place[i] = {entry.at, entry.stock_g};
    rest[i] = {entry.slot, entry.share_s, entry.lot, entry.floors};
}

TreeEntry TreeLeaf::entry(std::size_t i) const {
    return {place[i].at,
            rest[i].slot,
            wait_s[i],
            rest[i].share_s,
            place[i].stock_g,
            rest[i].floors,
            rest[i].lot,
            kind[i],
            terms[i]};
}

TreeDigest TreeLeaf::digest() const {
    TreeDigest whole = digest_of(entry(0));
    for (std::size_t i = 1; i < count; ++i)
        include(whole, digest_of(entry(i)));
    return whole;
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

void TreeInner::remove(std::size_t i) {
    --count;
    put(i, child[count], digest(count));
    wait_s[count] = no_wait;
    child[count] = no_node;
}

std::size_t TreeInner::place_of(std::uint32_t wanted_child) const {
    for (std::size_t i = 0; i < size; ++i) {
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
    std::uint32_t passing = 0;
    for (std::size_t i = 0; i < TreeInner::size; ++i) {
        const bool passes = node.kinds[i].meets(filter.kinds) &&
                            (node.terms[i] & filter.terms) != 0 &&
                            node.wait_s[i] <= filter.wait_s_max && node.child[i] != no_node;
        passing |= (passes ? 1U : 0U) << i;
    }
    if (passing == 0) return 0;
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
    for (; passing != 0; passing &= passing - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(passing));
        if (near[i] > chord2_max || node.stock_g[i] < filter.stock_g_min) continue;
        // Thousands of machines may be equally far. Then what is free soonest and has the least lot
        // is looked at first, and the others can be left out.
        const auto goes_later = [&](const TreeBranch& other) {
            if (other.chord2 != near[i]) return other.chord2 < near[i];
            return std::pair{node.wait_s[other.index], node.lot[other.index]} <
                   std::pair{node.wait_s[i], node.lot[i]};
        };
        std::size_t to = count++;
        for (; to > 0 && goes_later(out[to - 1]); --to)
            out[to] = out[to - 1];
        out[to] = {near[i], node.child[i], id, static_cast<std::uint8_t>(i), node.above_leaves};
    }
    return count;
}

NEARFAB_WIDE
std::uint32_t pick(const TreeLeaf& leaf, const TreeFilter& filter) {
    std::uint32_t passing = 0;
    for (std::size_t i = 0; i < TreeLeaf::size; ++i) {
        const std::uint64_t kind = filter.kinds.has(leaf.kind[i]) ? 1 : 0;
        passing |= static_cast<std::uint32_t>(kind & (filter.terms >> leaf.terms[i])) << i;
    }
    passing &= (std::uint32_t{1} << leaf.count) - 1;
    if (passing == 0 || filter.wait_s_max == no_wait) return passing;
    std::uint32_t in_time = 0;
    for (std::size_t i = 0; i < TreeLeaf::size; ++i)
        in_time |= (leaf.wait_s[i] <= filter.wait_s_max ? 1U : 0U) << i;
    return passing & in_time;
}

}  // namespace nearfab::router
