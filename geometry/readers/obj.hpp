// SPDX-License-Identifier: GPL-3.0-or-later
// obj.hpp - reads the polygons of a Wavefront OBJ file.
//
// Statements are lines of words; "\" before a line end continues one, "#" begins a comment. Read
// are v (the first three numbers), f (v, v/vt, v//vn, v/vt/vn; indices from 1, or from -1 for the
// latest vertex backwards), o and g. A file with "o" is divided by "o", another by "g". Texture,
// normals, materials, smoothing and lines are skipped; mtllib is never followed. Free-form
// surfaces and statements that run programs or call other files are refused, as is every word that
// is no statement: a damaged file must not lose faces silently. A face may name vertices that come
// after it. No unit is stated.

#pragma once

#include "geometry/readers/triangle_soup.hpp"

#include <string_view>

namespace nearfab::geometry {

// Errors: invalid_file (a broken statement, an index without a vertex, free-form surfaces, call,
// csh, no face), too_large. They name the line.
[[nodiscard]] Result<TriangleSoup> read_obj(std::string_view text, const ReadLimits& limits = {});

// Whether the first statement of the text is one of OBJ's.
[[nodiscard]] bool looks_like_obj(std::string_view text);

}  // namespace nearfab::geometry
