// SPDX-License-Identifier: GPL-3.0-or-later
// box_tree.hpp - a tree of boxes in the plane: which of many boxes meet a given one.
//
// Built by halving at the median of the longer side, so it is balanced whatever the boxes are.
// The order of visits depends on the boxes alone.

#pragma once

#include "geometry/flat/pieces.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry::flat {

class BoxTree {
public:
    explicit BoxTree(const std::vector<Box2>& boxes);

    // Calls visit(index) for every box that meets or touches this one, until it returns false.
    template <typename Visit>
    void each_meeting(const Box2& box, const Visit& visit) const {
        if (nodes_.empty()) return;
        std::uint32_t stack[stack_size];
        int top = 0;
        stack[top++] = 0;
        while (top > 0) {
            const Node& node = nodes_[stack[--top]];
            if (!meet(node.box, box)) continue;
            if (node.count == 0) {
                stack[top++] = node.first + 1;
                stack[top++] = node.first;
                continue;
            }
            for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
                if (meet(boxes_[i], box) && !visit(order_[i])) return;
            }
        }
    }

private:
    struct Node {
        Box2 box;
        std::uint32_t first = 0;  // The first of two children, or of the boxes of a leaf.
        std::uint32_t count = 0;  // Boxes of a leaf; 0 for an inner node.
    };
    // Two for each level of a balanced tree of 2^32 boxes.
    static constexpr int stack_size = 80;

    static bool meet(const Box2& a, const Box2& b) {
        return a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y;
    }
    void divide(std::uint32_t node, std::uint32_t begin, std::uint32_t end);

    std::vector<Node> nodes_;
    std::vector<std::uint32_t> order_;
    std::vector<Box2> boxes_;  // In the order of order_ once built.
};

[[nodiscard]] std::vector<Box2> boxes_of(const std::vector<Piece>& pieces);

[[nodiscard]] inline Box2 grown(const Box2& box, double by) {
    return {{box.min.x - by, box.min.y - by}, {box.max.x + by, box.max.y + by}};
}

}  // namespace nearfab::geometry::flat
