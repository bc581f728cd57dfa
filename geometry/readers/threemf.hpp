// SPDX-License-Identifier: GPL-3.0-or-later
// threemf.hpp - reads 3MF packages: what the build items make, in millimetres.
//
// Each build item becomes one object of the soup: the mesh of its object, or of its components
// with all their transforms. Mirroring transforms turn the triangles round, so that outside stays
// outside. How much an item will become is counted before it is made. Support structures are left
// out, because the fab makes its own. The parts of the reader: zip_archive (bytes), xml_reader
// (elements), opc_package (parts), threemf_model (objects), and here the build.

#pragma once

#include "geometry/readers/triangle_soup.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

// Errors: invalid_file (no ZIP, no 3MF, damaged, encrypted, breaks a rule of the format, requires
// an extension that is not read), too_large. They name the part and the line.
[[nodiscard]] Result<TriangleSoup> read_3mf(std::span<const std::uint8_t> file,
                                            const ReadLimits& limits = {});

}  // namespace nearfab::geometry
