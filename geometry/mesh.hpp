// SPDX-License-Identifier: GPL-3.0-or-later
// mesh.hpp - a triangle mesh as a plain value.

#pragma once

#include "base/large_pages.hpp"
#include "geometry/vector.hpp"

#include <array>
#include <cstdint>

namespace nearfab::geometry {

// Millimetres. Triangles index into the vertices; counter-clockwise seen from outside.
struct Mesh {
    LargeArray<Vec3> vertices;
    LargeArray<std::array<std::uint32_t, 3>> triangles;

    friend bool operator==(const Mesh&, const Mesh&) = default;
};

struct Bounds {
    Vec3 min;
    Vec3 max;
    [[nodiscard]] Vec3 size() const { return {max.x - min.x, max.y - min.y, max.z - min.z}; }
    friend bool operator==(const Bounds&, const Bounds&) = default;
};

// REQUIRES: at least one vertex.
[[nodiscard]] Bounds bounds_of(const Mesh& mesh);

}  // namespace nearfab::geometry
