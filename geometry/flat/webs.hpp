// SPDX-License-Identifier: GPL-3.0-or-later
// webs.hpp - what hangs together: disjoint sets that are united two by two.

#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace nearfab::geometry::flat {

class Webs {
public:
    explicit Webs(std::size_t count) : root_(count) { std::iota(root_.begin(), root_.end(), 0U); }

    // The first member of the set.
    [[nodiscard]] std::uint32_t of(std::uint32_t member) {
        while (root_[member] != member)
            member = root_[member] = root_[root_[member]];
        return member;
    }

    // False when they hang together already.
    bool unite(std::uint32_t a, std::uint32_t b) {
        const std::uint32_t p = of(a);
        const std::uint32_t q = of(b);
        root_[std::max(p, q)] = std::min(p, q);
        return p != q;
    }

private:
    std::vector<std::uint32_t> root_;
};

}  // namespace nearfab::geometry::flat
