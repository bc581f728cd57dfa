// SPDX-License-Identifier: GPL-3.0-or-later
// stl.hpp - reads and writes STL, the plainest of the mesh formats.
//
// A binary STL is an 80-byte header, a 32-bit little-endian count n and n records of 50 bytes, so
// its size is 84 + 50 n. That sum alone decides: a header may well begin with the word "solid".
// Everything else must be a text STL: one or more blocks "solid ... endsolid" of facets, keywords
// in upper or lower case, lines ended by LF, CR LF or CR, numbers with a decimal point in any
// locale. Coordinates are kept as float32 in both cases, which is what a slicer will see.
//
// The normals, the names of the solids and the attribute bytes are not read: the order of the
// corners says which side is outside. Time and memory grow linearly with the file.

#pragma once

#include "base/result.hpp"
#include "geometry/mesh.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

enum class FileFormat : std::uint8_t { stl_binary = 1, stl_ascii = 2 };
// The stable lower-case name used in JSON ("stl_binary").
[[nodiscard]] std::string to_string(FileFormat format);

// What a reader accepts (the numbers bound the work done for a hostile file).
struct ReadLimits {
    std::uint64_t file_bytes = 64ULL * 1024 * 1024;
    std::uint32_t triangles = 2'000'000;
    double coordinate_mm = 10'000;  // |x|, |y|, |z|.
};

// The triangles as they stand in the file, not yet connected.
struct TriangleSoup {
    FileFormat format = FileFormat::stl_binary;
    // x, y, z of the three corners, millimetres; finite, within the limit, and never -0.
    std::vector<std::array<float, 9>> triangles;
};

// Errors: invalid_file (empty, not an STL, truncated, a broken line, a coordinate that is no
// number, no triangle), too_large (file, number of triangles, a coordinate beyond the limit).
[[nodiscard]] Result<TriangleSoup> read_stl(std::span<const std::uint8_t> file,
                                            const ReadLimits& limits = {});

// Bare geometry for a slicer: binary STL, zero header, no attributes. Coordinates are rounded to
// float32; a triangle without area gets the normal (0, 0, 0).
// REQUIRES: every index of a triangle names a vertex.
[[nodiscard]] std::vector<std::uint8_t> write_stl(const Mesh& mesh);

// The text reader alone, for bytes already known to be text; read_stl is the way in.
[[nodiscard]] Result<TriangleSoup> read_text_stl(std::string_view text, const ReadLimits& limits);

}  // namespace nearfab::geometry
