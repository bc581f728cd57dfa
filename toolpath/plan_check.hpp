// SPDX-License-Identifier: GPL-3.0-or-later
// plan_check.hpp - settings that make sense, and the last look of a planner at its own plan.

#pragma once

#include "base/result.hpp"
#include "toolpath/cut_plan.hpp"
#include "toolpath/lead.hpp"

#include <optional>

namespace nearfab::toolpath {

// Error invalid_argument: names the setting and what it may be.
[[nodiscard]] Status check(const LaserSettings& settings);
[[nodiscard]] Status check(const MillSettings& settings);

// A cut that comes too near to kept material, or goes through it.
struct Gouge {
    std::size_t move = 0;
    Vec2 from;
    Vec2 to;
    double distance_mm = 0;  // To the nearest kept edge; 0 inside.
};

// The first move of kind lead or cut, below or at z = 0 and with the beam on, that comes nearer
// than clearance_mm to what is kept.
[[nodiscard]] std::optional<Gouge> first_gouge(const Toolpath& path,
                                               const Region& kept,
                                               double clearance_mm);

// Sums up lengths, bounds and time, and looks for gouges. Errors: too_large, internal (a gouge: a
// fault of the planner, which must not reach a machine).
[[nodiscard]] Status finish(CutPlan& plan,
                            const Region& kept,
                            double radius_mm,
                            const MachineMotion& motion);

}  // namespace nearfab::toolpath
