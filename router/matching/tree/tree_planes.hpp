// SPDX-License-Identifier: GPL-3.0-or-later
// tree_planes.hpp - where a new entry goes among the children of a node.
//
// The children of a node are divided by planes across one axis each, halves of halves, so that
// their boxes hardly overlap however the entries arrive. The planes only guide what comes; what is
// in a tree is found by its boxes.

#pragma once

#include "router/matching/tree/globe_point.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace nearfab::router {

struct TreeDigest;

// Where an entry stands along the axes: x, y, z, and the lot, for those that share one place.
using TreeCoordinates = std::array<std::int32_t, 4>;

class TreePlanes {
public:
    static constexpr std::size_t children_max = 8;

    TreePlanes() = default;
    // REQUIRES: 1 to 8 children.
    explicit TreePlanes(std::span<const TreeDigest> children);

    // The place of the child among those it was made of.
    [[nodiscard]] std::size_t child_for(const TreeCoordinates& at) const;

private:
    // What a plane divides: a further plane, or a child as the complement of its number.
    using Part = std::int8_t;
    Part divide(std::span<const TreeDigest> children, std::span<std::uint8_t> some);

    std::array<std::int32_t, children_max - 1> value_{};
    std::array<std::uint8_t, children_max - 1> axis_{};
    std::array<Part, children_max - 1> below_{};
    std::array<Part, children_max - 1> above_{};
    std::uint8_t planes_ = 0;
    Part first_ = -1;  // The only child.
};

// Orders the children for a cut across one axis, and says how many of them lie below it: as many as
// above if that keeps the boxes apart, and no fewer than `least` on either side.
// REQUIRES: some.size() >= 2 * least, least >= 1.
struct TreeCut {
    std::uint8_t axis = 0;
    std::int32_t value = 0;  // What is less lies below.
    std::size_t below = 0;
};
[[nodiscard]] TreeCut cut(std::span<const TreeDigest> children,
                          std::span<std::uint8_t> some,
                          std::size_t least);

}  // namespace nearfab::router
