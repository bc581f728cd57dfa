// SPDX-License-Identifier: GPL-3.0-or-later
// part.hpp - one geometry to be made, and what it needs from a machine.

#pragma once

#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/length_unit.hpp"
#include "base/line_rule.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nearfab {

// A corner of an outline seen from above, millimetres.
struct OutlinePoint {
    double x_mm = 0;
    double y_mm = 0;
    friend bool operator==(const OutlinePoint&, const OutlinePoint&) = default;
};

// The part standing on one of its axes: geometry/fit/envelope_fit.hpp explains the three stances
// and their order (z, x, y up). Outlines are convex, counter-clockwise, at most 64 points.
struct PartStance {
    double height_mm = 0;
    std::vector<OutlinePoint> outline;
    friend bool operator==(const PartStance&, const PartStance&) = default;
};

// A point in the coordinates of the design's file, millimetres; z is 0 in a drawing.
struct PartPoint {
    double x_mm = 0;
    double y_mm = 0;
    double z_mm = 0;
    friend bool operator==(const PartPoint&, const PartPoint&) = default;
};

// A length found in the part, and where.
struct MeasuredLength {
    double mm = 0;
    std::optional<PartPoint> at;
    friend bool operator==(const MeasuredLength&, const MeasuredLength&) = default;
};

// The finest thing of a part that a process has to be able to make.
struct NeededFeature {
    std::string what;  // "the thinnest wall"
    MeasuredLength length;
    friend bool operator==(const NeededFeature&, const NeededFeature&) = default;
};

enum class Feasibility : std::uint8_t {
    unknown = 0,
    feasible = 1,
    with_remarks = 2,
    not_feasible = 3,
};
[[nodiscard]] std::string to_string(Feasibility feasibility);

// What speaks against a process; geometry/process/verdict.hpp lists the rules.
struct ProcessReason {
    std::string rule;
    bool blocking = false;         // A typical machine cannot make it well enough.
    bool beyond_machines = false;  // Blocking, and no machine of the process can mend it.
    std::optional<PartPoint> at;
    double measured = 0;
    double limit = 0;
    std::string unit;
    std::string text;  // A sentence without its full stop, with both numbers.
    friend bool operator==(const ProcessReason&, const ProcessReason&) = default;
};

// What one process makes of the part.
struct ProcessFacts {
    ProcessId process;
    Feasibility verdict = Feasibility::unknown;  // On a typical machine.
    std::vector<ProcessReason> reasons;          // What blocks first.
    std::optional<NeededFeature> finest;         // To be held against a machine's min_feature_mm.
    std::optional<double> typical_time_s;        // Of one piece on a typical machine.
    double time_error = 0;                       // Relative; nine of ten parts stay below.
    friend bool operator==(const ProcessFacts&, const ProcessFacts&) = default;
};

// The part as sheet work: a drawing, or a solid that is a plate.
struct SheetFacts {
    std::optional<double> thickness_mm;  // A drawing has none.
    // Which axis of the part points up when the plate lies flat: 0 = z, 1 = x, 2 = y; of an oblique
    // plate the nearest.
    std::uint8_t up_axis = 0;
    std::vector<OutlinePoint> outline;  // Lying flat; like those of a PartStance.
    double long_mm = 0;                 // The smallest rectangle that it is cut from.
    double short_mm = 0;
    double cut_length_mm = 0;
    std::uint32_t pierces = 0;
    double area_mm2 = 0;  // Of what is cut out, holes left out.
    std::optional<MeasuredLength> smallest_feature;
    std::optional<MeasuredLength> smallest_gap;
    friend bool operator==(const SheetFacts&, const SheetFacts&) = default;
};

// Grows when the analysis could find something else in the same bytes. What an older analysis found
// serves the jobs that it was made for; a new job has the design analysed again.
inline constexpr std::uint32_t part_analysis_version = 4;

// What the geometry says, as far as matching needs it. Found by analysis of the bytes named by the
// part's design hash, never claimed by a designer for a job. Facts of version 1 have no processes.
struct PartFacts {
    double size_x_mm = 0;
    double size_y_mm = 0;
    double size_z_mm = 0;
    double volume_mm3 = 0;
    double area_mm2 = 0;
    std::uint32_t triangles = 0;
    std::array<PartStance, 3> stances;  // Of a drawing: lying flat, and on edge without thickness.
    bool drawing = false;               // Lines in a plane: no height, no volume.
    std::optional<MeasuredLength> thinnest_wall;
    std::optional<MeasuredLength> narrowest_gap;
    std::optional<MeasuredLength> smallest_hole;  // Its diameter.
    std::optional<SheetFacts> sheet;
    std::vector<ProcessFacts> processes;
    friend bool operator==(const PartFacts&, const PartFacts&) = default;
};

// A design's bytes, and what somebody had to say of them: the unit of their numbers, and what is
// done along the lines of a drawing. What is analysed is what is made.
struct DesignReading {
    ContentHash design;
    LengthUnit unit = LengthUnit::unstated;
    LineRules operations;

    DesignReading() = default;
    // Not explicit: most files say their unit or are in millimetres.
    DesignReading(const ContentHash& bytes,
                  LengthUnit said = LengthUnit::unstated,
                  LineRules rules = {})
        : design{bytes}, unit{said}, operations{std::move(rules)} {}
    friend auto operator<=>(const DesignReading&, const DesignReading&) = default;
};

// What a designer asks for one part of a job.
struct PartSpec {
    ContentHash design;  // The bytes of the geometry file.
    // Of the file's numbers, as the designer says. Unstated: as the file says, else millimetres for
    // a mesh; a drawing is then refused.
    LengthUnit unit = LengthUnit::unstated;
    LineRules operations;  // Of a drawing, as the designer says; else conventions decide.
    std::uint64_t design_bytes = 0;
    std::string file_name;  // For people only; never used as a path.
    ProcessId process;
    MaterialId material;
    std::uint32_t quantity = 1;  // 1 .. limits::quantity_max.
    // The machine must resolve this or finer; none: the finest thing measured in the part. So a
    // designer who does not mind a detail says what matters instead.
    std::optional<double> min_feature_mm;
    std::optional<double> tolerance_mm;        // The machine must hold this or better.
    std::optional<double> sheet_thickness_mm;  // Of the material to cut a drawing from.
    [[nodiscard]] DesignReading reading() const { return {design, unit, operations}; }
    friend bool operator==(const PartSpec&, const PartSpec&) = default;
};

// How a part lies in a machine: which of its axes points up, then the turn about the vertical.
struct Placement {
    std::uint8_t up_axis = 0;  // 0 = z, 1 = x, 2 = y.
    double turn_deg = 0;       // Counter-clockwise, [0, 180).
    friend bool operator==(const Placement&, const Placement&) = default;
};

// What the facts say of a process; null when nothing is known (facts of an older analysis).
[[nodiscard]] const ProcessFacts* process_facts(const PartFacts& facts, const ProcessId& process);

// Why no machine whatever makes the part by that process: "laser_cut cannot make it: the part is
// not a flat plate of one thickness". Empty when a machine may.
[[nodiscard]] std::string why_impossible(const PartFacts& facts, const ProcessId& process);

// What a person should know before the part is made by that process, a sentence each, without
// their full stops. What a typical machine cannot do is among them: the machine that gets the part
// is chosen by its own limits.
[[nodiscard]] std::vector<std::string> remarks_on(const PartFacts& facts, const ProcessId& process);

// "at 1.0, 2.0, 3.0"; empty without a place.
[[nodiscard]] std::string place_text(const std::optional<PartPoint>& at);

}  // namespace nearfab
