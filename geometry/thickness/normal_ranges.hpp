// SPDX-License-Identifier: GPL-3.0-or-later
// normal_ranges.hpp - which ways the triangles below each node of a tree look.

#pragma once

#include "geometry/search/bvh.hpp"

#include <array>
#include <cstdint>

namespace nearfab::geometry {

// Per node a box round the unit normals, in steps of 1 / 120 rounded outwards. 6 bytes per node.
class NormalRanges {
public:
    explicit NormalRanges(const Bvh& bvh);

    // Not above the product of `way` with the unit normal of any triangle below the node that has
    // an area.
    [[nodiscard]] double least_product(std::uint32_t node, const Vec3& way) const {
        const Range& r = ranges_.data()[node];
        const auto lower = [](double factor, std::int8_t low, std::int8_t high) {
            return factor * static_cast<double>(factor > 0 ? low : high);
        };
        return (lower(way.x, r.low[0], r.high[0]) + lower(way.y, r.low[1], r.high[1]) +
                lower(way.z, r.low[2], r.high[2])) /
               steps;
    }

private:
    static constexpr double steps = 120;
    struct Range {
        std::array<std::int8_t, 3> low{127, 127, 127};
        std::array<std::int8_t, 3> high{-127, -127, -127};
    };
    LargeArray<Range> ranges_;
};

}  // namespace nearfab::geometry
