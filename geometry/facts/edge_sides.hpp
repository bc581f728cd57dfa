// SPDX-License-Identifier: GPL-3.0-or-later
// edge_sides.hpp - the sides of all triangles, gathered by the edge they lie on.

#pragma once

#include "geometry/mesh.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

// One side of a triangle, filed under the lower of its two vertices.
struct EdgeSide {
    std::uint32_t high = 0;  // The other vertex.
    std::uint32_t code = 0;  // Triangle * 6 + corner it starts at * 2 + (1 if it runs downwards).

    std::uint32_t triangle() const { return code / 6; }
    std::uint32_t corner() const { return code % 6 / 2; }
    bool downwards() const { return code % 2 == 1; }
    // The corner of its triangle that is not on the edge.
    std::uint32_t apex(const Mesh& mesh) const {
        return mesh.triangles[triangle()][(corner() + 2) % 3];
    }
    friend bool operator<(const EdgeSide& a, const EdgeSide& b) {
        return a.high != b.high ? a.high < b.high : a.code < b.code;
    }
};

class EdgeSides {
public:
    // A counting sort by the lower vertex; 24 bytes for each triangle and 4 for each vertex.
    // REQUIRES: no triangle names a vertex twice; fewer than 2^32 / 6 triangles.
    explicit EdgeSides(const Mesh& mesh);
    // Only the edges whose lower vertex is marked; 8 bytes for each of their sides.
    EdgeSides(const Mesh& mesh, const std::vector<bool>& marked);

    // use(lower vertex, sides) for each edge, by lower vertex and then by the higher one; the sides
    // by triangle.
    template <class Use>
    void each_edge(Use&& use);

private:
    template <class Wanted>
    void gather(const Mesh& mesh, Wanted&& wanted);
    static void sort(EdgeSide* begin, EdgeSide* end);

    LargeArray<std::uint32_t> first_;  // Where the sides of each lower vertex begin in sides_.
    LargeArray<EdgeSide> sides_;
};

template <class Use>
void EdgeSides::each_edge(Use&& use) {
    EdgeSide* const sides = sides_.data();
    for (std::uint32_t low = 0; low + 1 < first_.size(); ++low) {
        EdgeSide* const begin = sides + first_.data()[low];
        EdgeSide* const end = sides + first_.data()[low + 1];
        sort(begin, end);
        for (EdgeSide* edge = begin; edge != end;) {
            EdgeSide* next = edge + 1;
            while (next != end && next->high == edge->high)
                ++next;
            use(low, std::span<const EdgeSide>(edge, next));
            edge = next;
        }
    }
}

}  // namespace nearfab::geometry
