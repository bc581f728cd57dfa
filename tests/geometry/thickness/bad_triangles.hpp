// SPDX-License-Identifier: GPL-3.0-or-later
// bad_triangles.hpp - the same solid in triangles that nobody would choose.

#pragma once

#include "tests/geometry/sample_parts.hpp"

#include <cstddef>
#include <cstdint>

namespace nearfab::geometry::sample {

// Splits edges at random, near one of their ends, so that needles, slivers and large triangles lie
// side by side; a closed mesh stays closed and its surface where it is. `splits` new vertices.
[[nodiscard]] Triangles badly_split(const Triangles& triangles,
                                    std::size_t splits,
                                    std::uint32_t seed);

// The largest ratio of a longest side to the height on it.
[[nodiscard]] double worst_aspect(const Triangles& triangles);

}  // namespace nearfab::geometry::sample
