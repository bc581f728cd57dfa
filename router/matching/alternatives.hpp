// SPDX-License-Identifier: GPL-3.0-or-later
// alternatives.hpp - when nobody can make it: what alone would have to be different.

#pragma once

#include "router/matching/finder.hpp"

#include <vector>

namespace nearfab::router {

// One for each requirement that a designer can change, or other material or process, that some
// machine fails alone; the nearest first, at most limits::match_rows_max. "At least" so many fabs
// are counted among the nearest machines of each requirement.
[[nodiscard]] std::vector<Alternative> alternatives(const Question& question,
                                                    const Finder& finder,
                                                    const MatchingRules& rules);

}  // namespace nearfab::router
