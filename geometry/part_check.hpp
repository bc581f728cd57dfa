// SPDX-License-Identifier: GPL-3.0-or-later
// part_check.hpp - everything that a file's geometry says, and what each process makes of it.
//
// part_report.hpp answers what matching must know at once; this is the long answer for a person
// who wants to know whether a part can be made well: wall thickness, the best way up, overhangs,
// what a mill reaches, whether a laser could cut it, and a verdict with reasons for each process.
// A drawing (DXF, SVG) is judged as sheet work, a mesh as a solid and, when it is a plate, as
// sheet work as well.
//
// Pure and deterministic; every step bounds its work and says when a bound cut it short.

#pragma once

#include "base/result.hpp"
#include "geometry/check_steps.hpp"
#include "geometry/facts/mends.hpp"
#include "geometry/facts/self_intersections.hpp"
#include "geometry/flat/drawing_options.hpp"
#include "geometry/flat/flat_facts.hpp"
#include "geometry/flat/plate.hpp"
#include "geometry/part_report.hpp"
#include "geometry/process/estimate.hpp"
#include "geometry/process/orientations.hpp"
#include "geometry/process/oriented_box.hpp"
#include "geometry/process/verdict.hpp"
#include "geometry/thickness/wall_thickness.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

struct PartCheckOptions {
    ReadLimits mesh_limits;
    DrawingOptions drawing;
    // What a unit of the file is, for meshes and drawings; it replaces the two in the above unless
    // it is unstated.
    LengthUnit unit = LengthUnit::unstated;
    std::optional<double> sheet_thickness_mm;  // That a drawing is cut from.
    std::optional<WorkEnvelope> envelope;      // Asked of every orientation.
    // What machines are judged by, and which processes: builtin_limits() unless somebody knows
    // better.
    std::vector<ProcessLimits> limits = builtin_limits();
    // Called before each step with a few words for people, and roughly how far the whole is, 0
    // to 1.
    std::function<void(std::string_view step, double share)> progress;
    // Called once the file's bytes are not looked at any more: who has them may free them.
    std::function<void()> file_read;
    // Runs the steps for a solid, for those who have threads (check_steps.hpp); `progress` is then
    // not called for them. When empty they are run one after the other.
    StepRunner run_steps;
};

struct SolidCheck {
    Mesh mesh;  // Welded; what places and triangle numbers below refer to.
    PartReport report;
    SelfIntersections intersections;
    Mends mends;
    OrientedBox box;
    // Bodies that run into each other are measured as one: what follows below is that of the union,
    // and its triangle numbers are of this mesh, which is empty where there was nothing to unite.
    Mesh united;
    double united_volume_mm3 = 0;
    // They could not be united: of the facts below only the orientations are there, roughly.
    bool buried_faces = false;
    std::uint32_t closed_voids = 0;  // Hollows that nothing leads into.
    double closed_voids_mm3 = 0;
    std::optional<Vec3> closed_void;  // A point of the wall of the first.
    // None of the following for a mesh that does not bound a volume: they would mean nothing.
    std::optional<WallThickness> thickness;
    std::vector<Orientation> orientations;  // The best first.
    std::optional<Overhangs> printing;      // In the best orientation.
    std::optional<MillingFacts> milling;
    std::optional<Plate> plate;
    std::optional<FlatFacts> plate_facts;
};

struct FlatCheck {
    Drawing drawing;
    FlatFacts facts;
    std::vector<Remark> remarks;  // Of the reader and of the facts.
};

// Exactly one of the first two is there.
struct PartCheck {
    std::optional<SolidCheck> solid;
    std::optional<FlatCheck> flat;
    PartFacts facts;                  // What the verdicts were reached by.
    std::vector<Verdict> verdicts;    // One per process of the limits, in their order.
    std::vector<Estimate> estimates;  // Of those that geometry can estimate and that are feasible.
};

// Errors: those of the readers; the content decides which reader.
[[nodiscard]] Result<PartCheck> check_part(std::span<const std::uint8_t> file,
                                           const PartCheckOptions& options = {});

}  // namespace nearfab::geometry
