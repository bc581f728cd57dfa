// SPDX-License-Identifier: GPL-3.0-or-later
// part.hpp - one geometry to be made, and what it needs from a machine.

#pragma once

#include "base/content_hash.hpp"
#include "base/id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
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

// What the geometry says, as far as matching needs it. Found by analysis of the bytes named by the
// part's design hash, never claimed by a designer for a job.
struct PartFacts {
    double size_x_mm = 0;
    double size_y_mm = 0;
    double size_z_mm = 0;
    double volume_mm3 = 0;
    double area_mm2 = 0;
    std::uint32_t triangles = 0;
    std::array<PartStance, 3> stances;
    friend bool operator==(const PartFacts&, const PartFacts&) = default;
};

// What a designer asks for one part of a job.
struct PartSpec {
    ContentHash design;  // The bytes of the geometry file.
    std::uint64_t design_bytes = 0;
    std::string file_name;  // For people only; never used as a path.
    ProcessId process;
    MaterialId material;
    std::uint32_t quantity = 1;            // 1 .. limits::quantity_max.
    std::optional<double> min_feature_mm;  // The machine must resolve this or finer.
    std::optional<double> tolerance_mm;    // The machine must hold this or better.
    friend bool operator==(const PartSpec&, const PartSpec&) = default;
};

// How a part lies in a machine: which of its axes points up, then the turn about the vertical.
struct Placement {
    std::uint8_t up_axis = 0;  // 0 = z, 1 = x, 2 = y.
    double turn_deg = 0;       // Counter-clockwise, [0, 180).
    friend bool operator==(const Placement&, const Placement&) = default;
};

}  // namespace nearfab
