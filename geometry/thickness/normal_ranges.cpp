// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/normal_ranges.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {

NormalRanges::NormalRanges(const Bvh& bvh) : ranges_(bvh.nodes().size()) {
    const Mesh& mesh = bvh.mesh();
    const auto& nodes = bvh.nodes();
    // Children stand behind their parents.
    for (std::size_t i = nodes.size(); i-- > 0;) {
        const bvh::Node& node = nodes[i];
        Range& range = ranges_[i];
        const auto grow = [&range](std::size_t axis, std::int8_t low, std::int8_t high) {
            range.low[axis] = std::min(range.low[axis], low);
            range.high[axis] = std::max(range.high[axis], high);
        };
        for (std::uint32_t k = 0; k < (node.is_leaf() ? 0U : 2U); ++k) {
            const Range& child = ranges_[node.first + k];
            for (std::size_t axis = 0; axis < 3; ++axis)
                grow(axis, child.low[axis], child.high[axis]);
        }
        for (std::uint32_t k = 0; k < node.count; ++k) {
            const auto& [a, b, c] = mesh.triangles.data()[bvh.order()[node.first + k]];
            const Vec3* const v = mesh.vertices.data();
            const Vec3 normal = maths::cross(maths::minus(v[b], v[a]), maths::minus(v[c], v[a]));
            const double size = maths::length(normal);
            if (!(size > 0)) continue;
            const std::array<double, 3> parts{normal.x, normal.y, normal.z};
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const double step = parts[axis] / size * steps;
                grow(axis,
                     static_cast<std::int8_t>(std::floor(step)),
                     static_cast<std::int8_t>(std::ceil(step)));
            }
        }
    }
}

}  // namespace nearfab::geometry
