// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/box_tree.hpp"

#include <algorithm>
#include <numeric>

namespace nearfab::geometry::flat {
namespace {

constexpr std::uint32_t leaf_boxes = 4;

}  // namespace

std::vector<Box2> boxes_of(const std::vector<Piece>& pieces) {
    std::vector<Box2> boxes;
    boxes.reserve(pieces.size());
    for (const Piece& piece : pieces)
        boxes.push_back(piece.box);
    return boxes;
}

BoxTree::BoxTree(const std::vector<Box2>& boxes) : order_(boxes.size()), boxes_(boxes) {
    if (boxes.empty()) return;
    std::iota(order_.begin(), order_.end(), 0U);
    nodes_.reserve(boxes.size());
    nodes_.emplace_back();
    divide(0, 0, static_cast<std::uint32_t>(boxes.size()));
    for (std::size_t i = 0; i < order_.size(); ++i)
        boxes_[i] = boxes[order_[i]];
}

void BoxTree::divide(std::uint32_t node, std::uint32_t begin, std::uint32_t end) {
    Box2 all = boxes_[order_[begin]];
    for (std::uint32_t i = begin + 1; i < end; ++i) {
        const Box2& box = boxes_[order_[i]];
        all.min = {std::min(all.min.x, box.min.x), std::min(all.min.y, box.min.y)};
        all.max = {std::max(all.max.x, box.max.x), std::max(all.max.y, box.max.y)};
    }
    nodes_[node].box = all;
    if (end - begin <= leaf_boxes) {
        nodes_[node].first = begin;
        nodes_[node].count = end - begin;
        return;
    }
    const bool wide = all.max.x - all.min.x >= all.max.y - all.min.y;
    const auto key = [&](std::uint32_t i) {
        const Box2& box = boxes_[i];
        return wide ? box.min.x + box.max.x : box.min.y + box.max.y;
    };
    const std::uint32_t middle = begin + (end - begin) / 2;
    std::nth_element(order_.begin() + begin,
                     order_.begin() + middle,
                     order_.begin() + end,
                     [&](std::uint32_t a, std::uint32_t b) {
                         return key(a) != key(b) ? key(a) < key(b) : a < b;
                     });
    const auto child = static_cast<std::uint32_t>(nodes_.size());
    nodes_[node].first = child;
    nodes_.emplace_back();
    nodes_.emplace_back();
    divide(child, begin, middle);
    divide(child + 1, middle, end);
}

}  // namespace nearfab::geometry::flat
