// SPDX-License-Identifier: GPL-3.0-or-later
// cell_cut.hpp - from many small cells to as many, and as large ones, as may be told.

#pragma once

#include "proto/model/region.hpp"
#include "router/matching/region/sphere_cell.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace nearfab::router {

struct CutRules {
    std::uint32_t level_max = 0;     // Of the contents, and of the smallest cells told.
    std::uint32_t level_of_few = 0;  // Cells of finer levels have fabs_min fabs.
    std::uint64_t fabs_min = 0;
    std::size_t cells_max = 1;
    std::size_t bytes_max = 0;
};

// By cell of the finest level: counts are exact, centre and radius not yet there.
using CellContents = std::map<std::uint32_t, RegionCell>;

// Ordered by place on the grid, then by size. One cell is told even when it is over bytes_max.
[[nodiscard]] std::vector<RegionCell> cut_cells(const CellContents& contents,
                                                const CutRules& rules);

}  // namespace nearfab::router
