// SPDX-License-Identifier: GPL-3.0-or-later
// vertex_sets.hpp - vertices joined to sets (union-find with path halving).

#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace nearfab::geometry {

class VertexSets {
public:
    explicit VertexSets(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), 0U);
    }
    // The first vertex of a set stands for it, so the answer does not depend on the order.
    [[nodiscard]] std::uint32_t find(std::uint32_t v) {
        while (parent_[v] != v) {
            parent_[v] = parent_[parent_[v]];
            v = parent_[v];
        }
        return v;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        a = find(a);
        b = find(b);
        if (a == b) return;
        if (a > b) std::swap(a, b);
        parent_[b] = a;
    }

private:
    std::vector<std::uint32_t> parent_;
};

}  // namespace nearfab::geometry
