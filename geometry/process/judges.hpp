// SPDX-License-Identifier: GPL-3.0-or-later
// judges.hpp - the rules of a verdict, by what they look at; verdict.hpp lists them.
//
// Each adds what it has to say to the reasons. A rule without its fact or its limit is silent.

#pragma once

#include "geometry/process/verdict_reasons.hpp"

#include <string_view>

namespace nearfab::geometry {

inline constexpr std::string_view wall_words = "the thinnest wall";
inline constexpr std::string_view gap_words = "the narrowest gap";
inline constexpr std::string_view hole_words = "the smallest hole";
inline constexpr std::string_view strip_words = "the narrowest strip left standing";

// Walls, gaps and holes of a solid, for every process that makes solids.
void judge_solid(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// Overhangs, bridges and how it stands. REQUIRES: a process of the printing family.
void judge_printing(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// What a cutter reaches. REQUIRES: a process of the milling family.
void judge_milling(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// A plate or drawing for a beam, jet or knife.
void judge_sheet_cutting(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// A drawing that is milled out of a board. REQUIRES: facts.sheet.
void judge_sheet_milling(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// Whether the machine has room for it.
void judge_size(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// Whether it fits in its stances into what the limits say of the room, their own and the usual.
[[nodiscard]] bool stands_within(const Stances& stances, const ProcessLimits& limits);

// Hollows that nothing leads into: no cutter gets there, and powder or resin does not get out.
void judge_voids(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out);

// An inner corner without a radius, which a round cutter leaves one.
void judge_sharp_corner(const VerdictReasons::Place& place,
                        const ProcessLimits& limits,
                        VerdictReasons& out);

}  // namespace nearfab::geometry
