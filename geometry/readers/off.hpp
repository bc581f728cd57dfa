// SPDX-License-Identifier: GPL-3.0-or-later
// off.hpp - reads OFF (Object File Format) as Geomview, CGAL and MeshLab write it, as text.
//
// A header [ST][C][N]OFF, then the numbers of vertices, faces and (maybe) edges, then one line for
// each vertex (x y z, then normal, colour and texture as the header says, which are skipped), then
// one line for each face (the number of corners, their indices from 0, then a colour that is
// skipped). "#" begins a comment. The four-dimensional and the binary kinds are refused. No unit
// is stated.

#pragma once

#include "geometry/readers/triangle_soup.hpp"

#include <string_view>

namespace nearfab::geometry {

// Errors: invalid_file (header, counts, a broken line, an index without a vertex, something after
// the end, binary, 4OFF, nOFF), too_large. They name the line and the element.
[[nodiscard]] Result<TriangleSoup> read_off(std::string_view text, const ReadLimits& limits = {});

// Whether the first word of the text is a header of OFF, also of a kind that is refused.
[[nodiscard]] bool looks_like_off(std::string_view text);

}  // namespace nearfab::geometry
