// SPDX-License-Identifier: GPL-3.0-or-later
// triangle_soup.hpp - what every mesh reader gives back: loose triangles in millimetres.
//
// Also what the readers accept (ReadLimits) and what they want to say of a file that they did
// accept (ReadRemark). Coordinates are float32 in every format, because that is what a slicer
// gets in the end.

#pragma once

#include "base/length_unit.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

enum class FileFormat : std::uint8_t {
    stl_binary = 1,
    stl_ascii = 2,
    threemf = 3,
    obj = 4,
    off = 5,
    step = 6,  // Cut into triangles before a reader sees it; no reader gives this itself.
};
// The stable lower-case name used in JSON ("stl_binary", "3mf").
[[nodiscard]] std::string to_string(FileFormat format);

// The unit that the file itself states. STL, OBJ and OFF state none; their numbers are taken as
// millimetres unless somebody says otherwise (ReadLimits::unit), and nobody guesses.
using Unit = LengthUnit;

// What a reader accepts (the numbers bound the work done for a hostile file).
struct ReadLimits {
    std::uint64_t file_bytes = 64ULL * 1024 * 1024;
    std::uint32_t triangles = 2'000'000;  // Also bounds the vertices: three for each triangle.
    double coordinate_mm = 10'000;        // |x|, |y|, |z|.
    // Packages (3MF) only:
    std::uint64_t inflated_bytes = 256ULL * 1024 * 1024;  // Of all the parts that are read.
    std::uint32_t entries = 1024;                         // In the archive.
    std::uint32_t instances = 50'000;  // Build items, and components with all repetitions.
    // No limit but what the caller knows: the unit of a file that states none. Unstated: its
    // numbers are millimetres. A file that states another one is refused.
    Unit unit = Unit::unstated;
};

// A run of triangles that the file calls one object (3MF build item, OBJ object, STL solid).
struct SoupObject {
    std::string name;  // Made harmless by display_name; may be empty.
    std::uint32_t first_triangle = 0;
    std::uint32_t triangles = 0;  // At least one.

    friend bool operator==(const SoupObject&, const SoupObject&) = default;
};
constexpr std::size_t most_objects = 1000;  // The last one takes in all that follow.

enum class RemarkWeight : std::uint8_t { note = 1, warning = 2 };

// Something odd in a file that could be read all the same.
struct ReadRemark {
    RemarkWeight weight = RemarkWeight::note;
    std::string rule;     // Stable id, at most one remark of each.
    std::string message;  // A sentence without its full stop, with the numbers.
    std::string next;     // What to do about it; may be empty.

    friend bool operator==(const ReadRemark&, const ReadRemark&) = default;
};

// The triangles as they stand in the file, not yet connected.
struct TriangleSoup {
    FileFormat format = FileFormat::stl_binary;
    Unit unit = Unit::unstated;
    // x, y, z of the three corners, millimetres; finite, within the limit, and never -0. Seen
    // from outside the corners run counter-clockwise, in mirrored 3MF items too.
    std::vector<std::array<float, 9>> triangles;
    // In the order of the file, covering all triangles; empty when the file has no such division.
    std::vector<SoupObject> objects;
    // Where the triangles of each mesh begin that the file calls an object or component (3MF);
    // empty where the format has no such bodies. Each should be closed by itself.
    std::vector<std::uint32_t> bodies;
    std::vector<ReadRemark> remarks;
};

// A name from a file, fit to be shown: valid UTF-8 without control and direction characters, at
// most 120 bytes. What is not valid becomes '?'.
[[nodiscard]] std::string display_name(std::string_view raw);

}  // namespace nearfab::geometry
