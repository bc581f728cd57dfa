// SPDX-License-Identifier: GPL-3.0-or-later
// thin_triangles.hpp - which triangles of a part have a thin wall behind them, for a picture.

#pragma once

#include "geometry/search/bvh.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

// More triangles than this are not probed one by one: about 15 us each.
inline constexpr std::uint32_t thin_triangles_max = 100'000;

// The span (span.hpp) at the middle of each triangle is smaller than this. Empty when there are
// more than thin_triangles_max. REQUIRES: the mesh of the tree is welded and outward oriented.
[[nodiscard]] std::vector<std::uint32_t> thin_triangles(const Bvh& bvh, double below_mm);

}  // namespace nearfab::geometry
