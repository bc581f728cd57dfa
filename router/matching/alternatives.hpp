// SPDX-License-Identifier: GPL-3.0-or-later
// alternatives.hpp - when nobody can make it: what alone would have to be different.

#pragma once

#include "router/matching/finder.hpp"

#include <cstddef>
#include <vector>

namespace nearfab::router {

// Of each alternative so many machines are looked at, so that an answer takes bounded time; when
// there are more, "at least" so many fabs.
inline constexpr std::size_t alternative_machines_max = 1024;

// One for each requirement that a designer can change, and for each other material and process in
// which the part could be made. The nearest machine that fails nothing else says how far it would
// have to be changed, rounded to what the sentence says; then everybody is asked anew with that
// very figure, and who can make it then is counted. Another material has its own mass, another
// process its own finest feature, time and way to lie. The nearest first, at most
// limits::match_rows_max; the nearest of each requirement is always among them.
//
// A machine without enough of the material is the exception: no figure of the job changes it, so it
// is told how much would have to be free, and those are counted that fail nothing else.
[[nodiscard]] std::vector<Alternative> alternatives(const Question& question,
                                                    const Finder& finder,
                                                    const MatchingRules& rules);

}  // namespace nearfab::router
