// SPDX-License-Identifier: GPL-3.0-or-later
// bvh_walk.hpp - the searches of Bvh that call back; included by bvh.hpp alone.

#pragma once

#include "geometry/search/bvh.hpp"

#include <cmath>
#include <utility>

namespace nearfab::geometry {

template <class Enter, class Candidate>
std::optional<NearestPoint> Bvh::nearest_where(const Vec3& point,
                                               double radius_mm,
                                               Enter&& enter,
                                               Candidate&& candidate,
                                               std::uint64_t patience,
                                               bool* hasty,
                                               std::uint64_t* steps) const {
    std::optional<NearestPoint> best;
    if (nodes_.empty()) return best;
    struct Task {
        double squared;
        std::uint32_t node;
    };
    std::array<Task, bvh::deepest + 2> stack;
    std::size_t waiting = 0;
    std::uint64_t taken = 0;
    std::uint64_t pause = patience;
    double limit = radius_mm * radius_mm;
    double farthest = radius_mm;  // The root of the limit.
    stack[waiting++] = {bvh::distance_squared(point, nodes_.front()), 0};
    while (waiting > 0) {
        const Task task = stack[--waiting];
        if (task.squared >= limit) continue;
        const Node& node = nodes_.data()[task.node];
        taken += 1 + node.count;
        if (taken >= pause) {
            pause += patience;
            limit *= 0.81;
            farthest = std::sqrt(limit);
            if (hasty != nullptr) *hasty = true;
        }
        if (!node.is_leaf()) {
            const Node* const children = nodes_.data() + node.first;
            Task near{bvh::distance_squared(point, children[0]), node.first};
            Task far{bvh::distance_squared(point, children[1]), node.first + 1};
            if (far.squared < near.squared) std::swap(near, far);
            if (far.squared < limit && enter(far.node)) stack[waiting++] = far;
            if (near.squared < limit && enter(near.node)) stack[waiting++] = near;
            continue;
        }
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            const std::uint32_t triangle = order_.data()[i];
            const std::optional<Vec3> on = candidate(triangle, farthest);
            if (!on) continue;
            const double x = on->x - point.x;
            const double y = on->y - point.y;
            const double z = on->z - point.z;
            limit = x * x + y * y + z * z;
            farthest = std::sqrt(limit);
            best = NearestPoint{*on, farthest, triangle};
        }
    }
    if (steps != nullptr) *steps += taken;
    return best;
}

template <class Use>
bool Bvh::triangles_in(const Bounds& box, Use&& use) const {
    if (nodes_.empty()) return true;
    const std::array<float, 3> low{
        bvh::rounded_down(box.min.x), bvh::rounded_down(box.min.y), bvh::rounded_down(box.min.z)};
    const std::array<float, 3> high{
        bvh::rounded_up(box.max.x), bvh::rounded_up(box.max.y), bvh::rounded_up(box.max.z)};
    std::array<std::uint32_t, bvh::deepest + 2> stack;
    std::size_t waiting = 0;
    stack[waiting++] = 0;
    while (waiting > 0) {
        const Node& node = nodes_.data()[stack[--waiting]];
        if (!bvh::meet(node.low, node.high, low, high)) continue;
        if (!node.is_leaf()) {
            stack[waiting++] = node.first + 1;
            stack[waiting++] = node.first;
            continue;
        }
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            const std::uint32_t triangle = order_.data()[i];
            const Box own = box_of(triangle);
            if (bvh::meet(own.low, own.high, low, high) && !use(triangle)) return false;
        }
    }
    return true;
}

template <class Use>
bool Bvh::pairs_of_leaves(const Box* boxes, const Node& a, const Node& b, Use& use) const {
    const bool same = &a == &b;
    const std::uint32_t* const order = order_.data();
    for (std::uint32_t i = a.first; i < a.first + a.count; ++i) {
        const Box& box = boxes[i];
        if (!bvh::meet(box.low, box.high, b.low, b.high)) continue;
        for (std::uint32_t j = same ? i + 1 : b.first; j < b.first + b.count; ++j) {
            if (!bvh::meet(box.low, box.high, boxes[j].low, boxes[j].high)) continue;
            if (!use(std::min(order[i], order[j]), std::max(order[i], order[j]))) return false;
        }
    }
    return true;
}

template <class Use>
bool Bvh::overlapping_pairs(Use&& use) const {
    if (nodes_.empty()) return true;
    LargeArray<Box> boxes;  // In the order of the leaves: a leaf is looked at many times.
    boxes.reserve(order_.size());
    for (const std::uint32_t triangle : order_)
        boxes.push_back(box_of(triangle));
    // A pair of a node with itself stands for all pairs below it. Each step goes down on one side
    // and leaves at most two more pairs waiting, so two levels per node bound the stack.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> stack;
    stack.reserve(4 * bvh::deepest + 4);
    stack.emplace_back(0U, 0U);
    while (!stack.empty()) {
        const auto [a, b] = stack.back();
        stack.pop_back();
        const Node& one = nodes_.data()[a];
        const Node& other = nodes_.data()[b];
        if (a == b) {
            if (one.is_leaf()) {
                if (!pairs_of_leaves(boxes.data(), one, one, use)) return false;
                continue;
            }
            stack.emplace_back(one.first, one.first + 1);
            stack.emplace_back(one.first + 1, one.first + 1);
            stack.emplace_back(one.first, one.first);
            continue;
        }
        if (!bvh::meet(one, other)) continue;
        if (one.is_leaf() && other.is_leaf()) {
            if (!pairs_of_leaves(boxes.data(), one, other, use)) return false;
            continue;
        }
        const Box box_one{one.low, one.high};
        const Box box_other{other.low, other.high};
        const bool open_one =
            other.is_leaf() || (!one.is_leaf() && box_one.half_area() >= box_other.half_area());
        if (open_one) {
            stack.emplace_back(one.first + 1, b);
            stack.emplace_back(one.first, b);
        } else {
            stack.emplace_back(a, other.first + 1);
            stack.emplace_back(a, other.first);
        }
    }
    return true;
}

}  // namespace nearfab::geometry
