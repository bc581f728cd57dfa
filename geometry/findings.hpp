// SPDX-License-Identifier: GPL-3.0-or-later
// findings.hpp - what the numbers of a part mean for the people who make it.
//
// The rules, which are stable ids:
//   error    open_mesh, non_manifold, misoriented, inside_out, no_volume
//   warning  overlapping_shells, shells_not_compared, duplicate_triangles, self_intersecting,
//            tiny_part_maybe_inches, huge_part_maybe_microns
//   note     degenerate_triangles, several_shells, outline_simplified, unit_given,
//            self_intersections_not_sought, widths_thinned
// and those of the readers (readers/triangle_soup.hpp), which are warnings and notes.
//
// An error means that two slicers may make two different things of the file, even where one of
// them could mend it.

#pragma once

#include "geometry/facts/faulty_edges.hpp"
#include "geometry/facts/self_intersections.hpp"
#include "geometry/part_report.hpp"
#include "geometry/thickness/wall_thickness.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

// What the rules look at beside the report.
struct FindingInputs {
    double signed_volume_mm3 = 0;        // 0 unless closed and oriented.
    bool negligible_volume = false;      // Closed and oriented, but the volume is only rounding.
    bool shells_compared = true;         // False when there were too many to compare.
    std::uint32_t meeting_shells = 0;    // Pairs that touch or cut each other.
    std::uint32_t doubled_shells = 0;    // Inside another one and turned the same way.
    std::uint32_t reversed_shells = 0;   // Inside out, without a shell round them.
    std::optional<Vec3> reversed_shell;  // A point of the first of these.
    std::uint32_t closed_voids = 0;      // Hollows that nothing leads into.
    double closed_voids_mm3 = 0;
    std::optional<Vec3> closed_void;  // A point of the wall of the first.
    double outline_grown_mm = 0;
    FaultyEdges faulty_edges;  // Looked for where there are any.
};

// Below and above these largest sides the unit of the file is in doubt.
inline constexpr double tiny_part_mm = 3;
inline constexpr double huge_part_mm = 2000;
// A simplified outline that is larger by less is not worth a word.
inline constexpr double outline_grown_noted_mm = 0.1;

// Errors first, then warnings, then notes; the order within them is fixed.
// REQUIRES: format, mesh, bounds and area of the report are filled in.
[[nodiscard]] std::vector<Finding> findings_of(const PartReport& report,
                                               const FindingInputs& inputs,
                                               const std::vector<ReadRemark>& remarks);

// Adds what the search for self-intersections found, or did not get to, in the place that the
// order gives it. A warning: slicers and millers unite most of them as meant, but not all, and a
// part that is stopped for them is stopped too often.
void add_intersections(const SelfIntersections& found, std::vector<Finding>& findings);

// Adds what is said of bodies that run into each other: measured as one, of this volume, or, with
// faces that are buried in other bodies, not measured.
void add_united(bool buried_faces, double united_volume_mm3, std::vector<Finding>& findings);

// Adds a note when walls or gaps were measured at fewer places than usual, and nothing otherwise.
void add_thinned(const WallThickness& measured, std::vector<Finding>& findings);

}  // namespace nearfab::geometry
