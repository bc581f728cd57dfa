// SPDX-License-Identifier: GPL-3.0-or-later
// pockets.hpp - how deep and how narrow a cutter from above has to reach.
//
// On the surface seen from above, every floor between two walls that face each other has a width
// (twice the distance to the nearest wall at its middle line) and a depth (up to the lower of the
// two walls); pocket_width.hpp then measures it on the surface. A floor beside a single wall is
// open: any cutter gets there. Widths are known to two cells; slots narrower than five are missed.
// Through holes count to the underside. Pure; at most max_floor_levels distance maps.

#pragma once

#include "geometry/process/columns.hpp"

#include <optional>

namespace nearfab::geometry {

inline constexpr std::size_t max_floor_levels = 12;

struct Pocket {
    Vec3 place;  // On its floor, in the part's coordinates.
    Vec3 from;   // The side the cutter comes from, of length one.
    double depth_mm = 0;
    double width_mm = 0;  // The narrowest found at that floor.
    bool through = false;
    [[nodiscard]] double ratio() const { return width_mm > 0 ? depth_mm / width_mm : 0; }
};

struct Pockets {
    std::optional<Pocket> deepest;
    std::optional<Pocket> slimmest;  // The largest depth for its width.
};

// `both_sides`: a through hole may be cut half from here and half from the other side.
[[nodiscard]] Pockets pockets_of(const TopView& columns, bool both_sides);

}  // namespace nearfab::geometry
