// SPDX-License-Identifier: GPL-3.0-or-later
// region_export.hpp - a network's machines as a digest for other networks.
//
// Cells come from a fixed grid (sphere_cell.hpp). It begins with one cell for the whole earth; the
// cell with the most machines for its size is divided again and again, until the number of cells
// or of bytes is reached, or the smallest size. A cell with too few fabs is not told on its own: it
// stays with others of its neighbourhood in the cell around them.
//
//      fabs in a cell of 60 km            told as
//      +----+----+                        40 in the cell of 30 km
//      | 40 |  9 |                        12 in the cell of 30 km
//      +----+----+                        10 in the cell of 60 km: the single one would stand
//      | 12 |  1 |                           alone, so its smallest neighbours join it
//      +----+----+
//
// Deterministic: the same machines give the same digest, in whatever order they arrived. Costs a
// look at every machine and at every row of what is told, so it belongs in a timer, not into each
// change.

#pragma once

#include "base/clock.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/region.hpp"
#include "router/matching/index/machine_index.hpp"

#include <cstddef>
#include <cstdint>

namespace nearfab::router {

// What a network lets out. Whoever wants to be found more exactly may choose smaller numbers.
struct RegionRules {
    // A place that is known to a few hundred metres is somebody's home or shop.
    double radius_km_min = 5;
    // A cell smaller than about the second has so many fabs at least.
    std::uint64_t fabs_min = 3;
    double few_fabs_radius_km = 45;
    std::size_t cells_max = 512;  // 1 to limits::region_cells_max.
    // At least 192 KiB, so that one cell of everything has room whatever fabs claim.
    std::size_t bytes_max = limits::region_bytes_max;
};

struct RegionStatement {
    IdentityId network;
    WallTime stated;
    std::int64_t valid_s = 180;
};

// Of the machines that take work now (requirements.hpp, takes_work), as far as their process and
// materials are known here: a part of others never reaches the matcher.
// REQUIRES: cells_max and bytes_max are within what is said above.
[[nodiscard]] RegionDigest region_digest(const MachineIndex& index,
                                         const RegionStatement& statement,
                                         const RegionRules& rules);

}  // namespace nearfab::router
