// SPDX-License-Identifier: GPL-3.0-or-later
// kinematics.hpp - how fast a GRBL-class machine may go along a line and round a corner.
//
// Speeds in mm/s, accelerations in mm/s2. Each axis has its own limits; a direction may use as much
// as the axis that is used up first allows. At a corner the speed is that of a circle which touches
// both lines and leaves the corner by the junction deviation.
// Source: GRBL 1.1 planner (gnea/grbl, planner.c), S. Jeon's junction deviation.

#pragma once

#include "geometry/vector.hpp"
#include "toolpath/settings.hpp"

#include <array>

namespace nearfab::toolpath {

// The largest length along a unit vector whose parts stay within the axes' limits.
[[nodiscard]] double along_limit(const geometry::Vec3& unit, const std::array<double, 3>& axes);

// The speed at which one direction may go over into another; 0 for a reversal, infinite for none.
[[nodiscard]] double junction_mm_s(const geometry::Vec3& before,
                                   const geometry::Vec3& after,
                                   const MachineMotion& motion);

// One move: speeding up from `in`, at most `top`, slowing down to `out`.
struct Ramp {
    double length_mm = 0;
    double in_mm_s = 0;
    double out_mm_s = 0;
    double top_mm_s = 0;
    double acceleration_mm_s2 = 0;
};
// REQUIRES: acceleration and top speed > 0.
[[nodiscard]] double ramp_s(const Ramp& ramp);

// GRBL draws arcs in chords that leave them by $12 = 0.002 mm, and takes each corner between chords
// as any other corner: the speed that leaves.
inline constexpr double grbl_arc_tolerance_mm = 0.002;
[[nodiscard]] double arc_mm_s(double radius_mm, const MachineMotion& motion);

}  // namespace nearfab::toolpath
