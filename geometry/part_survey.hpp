// SPDX-License-Identifier: GPL-3.0-or-later
// part_survey.hpp - the report on a part in pieces, for who needs the mesh and its facts as well.
//
// The pieces are made in the order of this header. Connecting and looking at the stances touch
// nothing that the other one does, so that these two may run at the same time.

#pragma once

#include "geometry/detail/shell_nesting.hpp"
#include "geometry/facts/measure.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/part_report.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nearfab::geometry {

struct PartSurvey {
    Mesh mesh;  // Welded.
    std::uint32_t collapsed_triangles = 0;
    std::vector<ReadRemark> remarks;
    Topology topology;
    Measures measures;
    bool negligible_volume = false;
    double outline_grown_mm = 0;
    // Hollows that nothing leads into, and a point of the wall of the first.
    std::uint32_t closed_voids = 0;
    double closed_voids_mm3 = 0;
    std::optional<Vec3> closed_void;
    PartReport report;

    // Closed and oriented, so that shells can lie inside each other.
    [[nodiscard]] bool has_a_volume() const {
        return report.mesh.closed && report.mesh.oriented && !negligible_volume;
    }
};

// Reads and welds; errors as those of read_part. A binary STL is welded as it stands in the file.
[[nodiscard]] Result<PartSurvey> begin_survey(std::span<const std::uint8_t> file,
                                              const ReadLimits& limits);

// Fills in topology, measures and what the report says of mesh, area and volume.
void connect(PartSurvey& survey);

// Fills in the stances.
void look_at_stances(PartSurvey& survey);

// The rest, findings last. `nesting` is that of the shells; it is not looked at without a volume.
void conclude(PartSurvey& survey, const detail::ShellNesting& nesting);

}  // namespace nearfab::geometry
