// SPDX-License-Identifier: GPL-3.0-or-later
// moves.hpp - what a machine does, move by move, before it is written in a dialect.

#pragma once

#include "geometry/vector.hpp"
#include "toolpath/track.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::toolpath {

enum class MoveKind : std::uint8_t {
    travel = 1,  // As fast as the machine can, beam off, or above the material.
    lead = 2,    // Cutting, in the waste.
    cut = 3,
    score = 4,
    engrave = 5,
    slit = 6,    // A cut in the material that does not close.
    plunge = 7,  // Straight down.
    lift = 8     // Straight up.
};

// From where the last one ended.
struct Move {
    MoveKind kind = MoveKind::travel;
    geometry::Vec3 to;
    double bulge = 0;        // In x and y; an arc may also rise or fall.
    double feed_mm_min = 0;  // 0: of a travel.
    double power = 0;        // Of the beam, 0 .. 1.

    friend bool operator==(const Move&, const Move&) = default;
};

enum class MachineKind : std::uint8_t { laser = 1, mill = 2 };

// Begins at the origin: a laser at z = 0, a mill at its safe height.
struct Toolpath {
    MachineKind kind = MachineKind::laser;
    geometry::Vec3 start;
    std::vector<Move> moves;
    double s_full = 0;     // S for power 1, or the spindle's revolutions per minute.
    double spin_up_s = 0;  // Of a spindle.
    bool assist = false;   // Air or coolant while cutting.
};

}  // namespace nearfab::toolpath
