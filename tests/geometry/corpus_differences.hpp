// SPDX-License-Identifier: GPL-3.0-or-later
// corpus_differences.hpp - where the answers about the file collection differ from its truth table,
// and why they are right.
//
// The table was made with a strict reader and, for self-intersections, with CGAL on the mesh after
// vertices had been duplicated until it was orientable. The differences are taken to follow from
// that (the numbers fit, but the making of the table was not traced pair by pair):
//   - duplicated vertices make triangles that share a corner or an edge look as if they only
//     touched, so the table counts neighbours as intersecting;
//   - it counts triangles without an area, which have no surface that could cut anything;
//   - it cuts polygons as a fan round their first corner, also concave ones.
// The numbers here were checked with a second program, which compared all triangles with
// overlapping boxes of the welded mesh in exact rational arithmetic (CGAL's Epeck kernel) and left
// out only what lies on corners and edges shared by their numbers. It gave the same count for every
// file of this list that is read.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nearfab::geometry::corpus {

struct Difference {
    std::string_view file;
    bool refused = false;        // The reader refuses what the table has numbers for.
    bool other_surface = false;  // Polygons cut otherwise: area and edges differ as well.
    std::optional<std::uint64_t> self_intersections = std::nullopt;  // When not as in the table.
    std::string_view why;
};

// Nothing when the file has to be as the table says.
[[nodiscard]] const Difference* difference_of(std::string_view file);

// What `nearfab check` has to say about a file of the collection's folder of bad files.
struct BadFile {
    std::string_view file;      // Below bad/.
    std::string_view expected;  // "refused", "too large", "fine", or the rule of a finding.
    bool makeable = false;      // It may be made all the same.
};

[[nodiscard]] const BadFile* bad_file(std::string_view file);

// The collection's manifest expects of each bad file one of reject, accept and
// accept-with-defect-report. Of some it expects the last where ours is rejected (exit code 7) with
// the defects reported all the same: why that is right. Empty when the file has to be accepted.
[[nodiscard]] std::string_view why_rejected_with_report(std::string_view file);

}  // namespace nearfab::geometry::corpus
