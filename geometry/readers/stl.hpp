// SPDX-License-Identifier: GPL-3.0-or-later
// stl.hpp - reads and writes STL, the plainest of the mesh formats.
//
// A binary STL is an 80-byte header, a 32-bit little-endian count n and n records of 50 bytes, so
// its size is 84 + 50 n. That sum alone decides: a header may well begin with the word "solid".
// Everything else must be a text STL: one or more blocks "solid ... endsolid" of facets, keywords
// in upper or lower case, lines ended by LF, CR LF or CR, numbers with a decimal point in any
// locale. Coordinates are kept as float32 in both cases, which is what a slicer will see.
//
// The normals and the attribute bytes are not read: the order of the corners says which side is
// outside. Each solid of a text STL is an object. A text STL that ends after a whole facet without
// "endsolid" is read with a remark. Time and memory grow linearly with the file.

#pragma once

#include "base/result.hpp"
#include "geometry/mesh.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

// Whether the size is that of a binary STL with the number of triangles that it announces.
[[nodiscard]] bool is_binary_stl(std::span<const std::uint8_t> file);

// Whether the file begins like a text STL and goes on like one.
[[nodiscard]] bool is_text_stl(std::span<const std::uint8_t> file);

// Why a file is neither, with the sum that a binary STL would have to give.
[[nodiscard]] Error not_an_stl(std::span<const std::uint8_t> file);

// Errors: invalid_file (empty, not an STL, truncated, a broken line, a coordinate that is no
// number, no triangle), too_large (file, number of triangles, a coordinate beyond the limit).
// STL alone; mesh_file.hpp takes any format.
[[nodiscard]] Result<TriangleSoup> read_stl(std::span<const std::uint8_t> file,
                                            const ReadLimits& limits = {});

// The triangles of a binary STL where they stand in the file, looked through before: finite and
// within the limit. In the unit of the file. The file outlives this.
class StlRecords {
public:
    [[nodiscard]] std::size_t size() const { return count_; }
    // As in a TriangleSoup. REQUIRES: i < size().
    [[nodiscard]] std::array<float, 9> operator[](std::size_t i) const {
        std::array<float, 9> corners;
        std::memcpy(corners.data(), first_ + 50 * i, sizeof corners);
        for (float& value : corners)
            value += 0.0F;  // Turns -0 into 0.
        return corners;
    }
    // The same as bits.
    [[nodiscard]] std::array<std::uint32_t, 9> bits(std::size_t i) const {
        std::array<std::uint32_t, 9> corners;
        std::memcpy(corners.data(), first_ + 50 * i, sizeof corners);
        for (std::uint32_t& value : corners)
            value = value == 0x8000'0000U ? 0 : value;
        return corners;
    }
    // Fetches one that will be looked at soon.
    void expect(std::size_t i) const {
        const std::uint8_t* const record = first_ + 50 * i;
        __builtin_prefetch(record);
        __builtin_prefetch(record + 35);  // Half of them reach into the next line.
    }

private:
    friend Result<StlRecords> check_binary_stl(std::span<const std::uint8_t> file,
                                               const ReadLimits& limits);
    StlRecords(const std::uint8_t* first, std::size_t count) : first_(first), count_(count) {}

    const std::uint8_t* first_;  // The first corner of the first triangle.
    std::size_t count_;
};

// The same errors as read_stl. REQUIRES: is_binary_stl(file).
[[nodiscard]] Result<StlRecords> check_binary_stl(std::span<const std::uint8_t> file,
                                                  const ReadLimits& limits = {});

// Bare geometry for a slicer: binary STL, zero header, no attributes. Coordinates are rounded to
// float32; a triangle without area gets the normal (0, 0, 0).
// REQUIRES: every index of a triangle names a vertex.
[[nodiscard]] std::vector<std::uint8_t> write_stl(const Mesh& mesh);

// The text reader alone, for bytes already known to be text; read_stl is the way in.
[[nodiscard]] Result<TriangleSoup> read_text_stl(std::string_view text, const ReadLimits& limits);

}  // namespace nearfab::geometry
