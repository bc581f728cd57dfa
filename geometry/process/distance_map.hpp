// SPDX-License-Identifier: GPL-3.0-or-later
// distance_map.hpp - how far each cell of a grid is from the nearest marked cell, exactly.
//
// Two passes of lower envelopes of parabolas (Felzenszwalb and Huttenlocher, "Distance Transforms
// of Sampled Functions", Theory of Computing 2012). O(cells). Pure.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nearfab::geometry {

class DistanceMap {
public:
    // `marked` row by row, not 0 where marked. REQUIRES: nx * ny marks.
    DistanceMap(int nx, int ny, const std::vector<std::uint8_t>& marked);

    // In cells, from middle to middle; 0 on a marked cell and outside the grid; a very large
    // number when nothing is marked.
    [[nodiscard]] double at(int x, int y) const {
        if (x < 0 || y < 0 || x >= nx_ || y >= ny_) return 0;
        return distance_[static_cast<std::size_t>(y) * static_cast<std::size_t>(nx_) +
                         static_cast<std::size_t>(x)];
    }

private:
    int nx_;
    int ny_;
    std::vector<double> distance_;
};

}  // namespace nearfab::geometry
