// SPDX-License-Identifier: GPL-3.0-or-later
// mesh_file.hpp - reads a mesh file of any format that nearfab knows; start here.
//
// The content decides, never a name: a size of 84 + 50 n is a binary STL, a ZIP is a 3MF or
// nothing, and text tells by its first word (solid; OFF, COFF, ...; v, o, g, mtllib, ...).

#pragma once

#include "geometry/readers/triangle_soup.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

// Errors: invalid_file (empty, of another format, of a kind that is not read, damaged, broken, in
// another unit than limits.unit), too_large. Messages name the byte, line or element where there is
// one.
[[nodiscard]] Result<TriangleSoup> read_soup(std::span<const std::uint8_t> file,
                                             const ReadLimits& limits = {});

}  // namespace nearfab::geometry
