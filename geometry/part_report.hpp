// SPDX-License-Identifier: GPL-3.0-or-later
// part_report.hpp - what a file's geometry says about the part; start here.
//
// The report is made from the bytes alone and never changes them. It is deterministic, so a router
// and a designer who analyse the same bytes read the same numbers.

#pragma once

#include "base/result.hpp"
#include "geometry/fit/envelope_fit.hpp"
#include "geometry/mesh.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab::geometry {

// What was found in the triangles. Edges and shells are counted after welding bit-equal vertices
// (of float32 coordinates, -0 being 0) and dropping triangles that collapse.
struct MeshFacts {
    std::uint32_t triangles = 0;             // As written in the file.
    std::uint32_t vertices = 0;              // After welding.
    std::uint32_t degenerate_triangles = 0;  // Collapsed by welding, or without area.
    std::uint32_t duplicate_triangles = 0;
    std::uint32_t open_edges = 0;          // With one triangle.
    std::uint32_t non_manifold_edges = 0;  // With more than two triangles.
    std::uint32_t misoriented_edges = 0;   // Both triangles run along it in the same direction.
    std::uint32_t shells = 0;              // Connected through shared edges.
    bool closed = false;                   // Has triangles; no open, no non-manifold edge.
    bool oriented = false;                 // No misoriented edge (open edges do not matter).
    bool inside_out = false;       // Closed and oriented, but the signed volume is negative.
    bool bounds_a_volume = false;  // Closed, oriented, volume > 0, nested shells alternate,
                                   // and no shell touches or cuts another.

    friend bool operator==(const MeshFacts&, const MeshFacts&) = default;
};

enum class Severity : std::uint8_t { note = 1, warning = 2, error = 3 };

// One remark about the part, for people.
struct Finding {
    Severity severity = Severity::note;
    std::string rule;     // Stable id: "open_mesh", "inside_out", ...; all are in findings.hpp.
    std::string message;  // A sentence with the numbers.
    std::string next;     // What to do about it; may be empty.
    std::optional<Vec3> at = {};  // The first such place, where there is one.

    friend bool operator==(const Finding&, const Finding&) = default;
};

struct PartReport {
    FileFormat format = FileFormat::stl_binary;
    Unit unit = Unit::unstated;  // Of the file's numbers; those here are millimetres.
    bool unit_given = false;     // By the caller (ReadLimits::unit); otherwise the file states it.
    std::uint32_t objects = 1;   // Runs of triangles that the file calls objects; all are one part.
    MeshFacts mesh;
    Bounds bounds;
    double volume_mm3 = 0;  // 0 unless closed and oriented; absolute value. Shells are summed up,
                            // cavities subtracted; see the finding "overlapping_shells".
    double area_mm2 = 0;
    std::optional<Vec3> centre_of_mass;  // Of even density; nothing when there is no volume.
    Stances stances;
    std::vector<Finding> findings;  // Errors first, then warnings, then notes.

    // Can be made as it is: closed, oriented, a positive volume, no finding of severity error.
    [[nodiscard]] bool makeable() const;
};

// The welded mesh and the report on it.
struct Part {
    Mesh mesh;
    PartReport report;
};

// Reads a mesh file of any format (readers/mesh_file.hpp) and reports on it. Time is about n log n
// in the number of triangles.
// Errors (invalid_file, too_large): of another format, truncated, damaged, a coordinate that is not
// finite or out of range, no triangle. Defects of the mesh itself (open, inside out, no volume) are
// findings in the report, not errors.
[[nodiscard]] Result<Part> read_part(std::span<const std::uint8_t> file,
                                     const ReadLimits& limits = {});

// The report alone.
[[nodiscard]] Result<PartReport> analyse_part(std::span<const std::uint8_t> file,
                                              const ReadLimits& limits = {});

// The welded mesh alone; the same errors.
[[nodiscard]] Result<Mesh> read_mesh(std::span<const std::uint8_t> file,
                                     const ReadLimits& limits = {});

}  // namespace nearfab::geometry
