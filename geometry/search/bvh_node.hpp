// SPDX-License-Identifier: GPL-3.0-or-later
// bvh_node.hpp - the boxes that a Bvh is made of; include bvh.hpp.

#pragma once

#include "base/large_pages.hpp"
#include "geometry/vector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace nearfab::geometry {
struct Mesh;
}

namespace nearfab::geometry::bvh {

// The triangles of a leaf; more only where triangles cannot be told apart by their middles.
inline constexpr std::uint32_t leaf_triangles = 4;
// No path from the root to a leaf is longer; deeper levels split by number, which halves.
inline constexpr std::size_t deepest = 96;

inline float rounded_down(double value) {
    const auto nearest = static_cast<float>(value);
    return static_cast<double>(nearest) <= value
               ? nearest
               : std::nextafter(nearest, -std::numeric_limits<float>::infinity());
}
inline float rounded_up(double value) {
    return -rounded_down(-value);
}

struct Box {
    std::array<float, 3> low{std::numeric_limits<float>::infinity(),
                             std::numeric_limits<float>::infinity(),
                             std::numeric_limits<float>::infinity()};
    std::array<float, 3> high{-std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity()};

    void grow(const Box& other) {
        for (unsigned i = 0; i < 3; ++i) {
            low[i] = std::min(low[i], other.low[i]);
            high[i] = std::max(high[i], other.high[i]);
        }
    }
    // Half the surface; 0 for an empty box.
    float half_area() const {
        const float x = high[0] - low[0];
        const float y = high[1] - low[1];
        const float z = high[2] - low[2];
        return x < 0 ? 0 : x * y + y * z + z * x;
    }
};

// The smallest float32 box round a triangle.
inline Box box_of(const Vec3& a, const Vec3& b, const Vec3& c) {
    return {{rounded_down(std::min({a.x, b.x, c.x})),
             rounded_down(std::min({a.y, b.y, c.y})),
             rounded_down(std::min({a.z, b.z, c.z}))},
            {rounded_up(std::max({a.x, b.x, c.x})),
             rounded_up(std::max({a.y, b.y, c.y})),
             rounded_up(std::max({a.z, b.z, c.z}))}};
}

inline bool meet(const std::array<float, 3>& low_a,
                 const std::array<float, 3>& high_a,
                 const std::array<float, 3>& low_b,
                 const std::array<float, 3>& high_b) {
    return (low_a[0] <= high_b[0]) & (low_b[0] <= high_a[0]) & (low_a[1] <= high_b[1]) &
           (low_b[1] <= high_a[1]) & (low_a[2] <= high_b[2]) & (low_b[2] <= high_a[2]);
}

// 32 bytes: two to a cache line.
struct Node {
    std::array<float, 3> low;
    std::uint32_t first;  // Inner: the left child, the right one follows. Leaf: into the order.
    std::array<float, 3> high;
    std::uint32_t count;  // 0 for an inner node.

    bool is_leaf() const { return count != 0; }
};
static_assert(sizeof(Node) == 32);

inline bool meet(const Node& a, const Node& b) {
    return meet(a.low, a.high, b.low, b.high);
}

// Squared, from a point to a box; 0 inside. Rounding is far below that of float32.
inline double distance_squared(const Vec3& p, const Node& node) {
    const auto beyond = [](double value, float low, float high) {
        const double below = static_cast<double>(low) - value;
        const double above = value - static_cast<double>(high);
        return std::max(std::max(below, above), 0.0);
    };
    const double x = beyond(p.x, node.low[0], node.high[0]);
    const double y = beyond(p.y, node.low[1], node.high[1]);
    const double z = beyond(p.z, node.low[2], node.high[2]);
    return x * x + y * y + z * z;
}

struct Tree {
    LargeArray<Node> nodes;
    LargeArray<std::uint32_t> order;
};

// Builds the nodes over all triangles; about n log n.
[[nodiscard]] Tree build_tree(const Mesh& mesh);

}  // namespace nearfab::geometry::bvh
