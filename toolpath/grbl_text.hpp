// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_text.hpp - a toolpath written for GRBL 1.1 and what speaks its dialect.
//
// Lines of one command, at most 79 bytes of "A-Z0-9 .-", three decimals, no comments: what a
// driver sends is what is written here. Words that would say again what holds anyway (F, S) are
// left out. Arcs stay arcs (G2, G3 with I and J) unless they are so short or flat that rounding
// would turn them into something else: those become lines, no further off than flat_arc_mm.
//
// A laser runs in GRBL's laser mode ($32=1) with M4, whose power follows the speed; between cuts S
// is 0. A mill rises to its safe height first, starts its spindle (M3), waits for it, and stops it
// at the safe height. Both end at the zero of the sheet with M2.

#pragma once

#include "toolpath/moves.hpp"

#include <string>

namespace nearfab::toolpath {

inline constexpr double flat_arc_mm = 0.003;

[[nodiscard]] std::string grbl_text(const Toolpath& path);

}  // namespace nearfab::toolpath
