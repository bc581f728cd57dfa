// SPDX-License-Identifier: GPL-3.0-or-later
// motion_time.hpp - how long a toolpath takes, before it is written in a dialect.
//
// Every move speeds up and slows down with the machine's accelerations and goes round corners by
// the junction deviation (kinematics.hpp), as if the machine looked ahead without limit. An arc is
// one move. A real GRBL looks 15 lines ahead and draws arcs in chords, so it takes a little longer:
// node-agent/machine_code/grbl_run.hpp does the same to the written lines.

#pragma once

#include "toolpath/moves.hpp"
#include "toolpath/settings.hpp"

namespace nearfab::toolpath {

// With the spindle's spin-up.
[[nodiscard]] double time_s(const Toolpath& path, const MachineMotion& motion);

// Of one move from there, in space.
[[nodiscard]] double length_mm(const geometry::Vec3& from, const Move& move);

}  // namespace nearfab::toolpath
