// SPDX-License-Identifier: GPL-3.0-or-later
// match_view.hpp - who can make it and who cannot, as tables.

#pragma once

#include "proto/model/match.hpp"
#include "terminal/screen.hpp"

#include <string>

namespace nearfab::cli {

// The candidates, best first, then the near misses; when there are none, what alone would have to
// be different.
[[nodiscard]] std::string match_text(const MatchReport& report, const Screen& screen);

// "as drawn", "turned 41.0 deg", "x up, turned 90.0 deg".
[[nodiscard]] std::string placement_text(const Placement& placement);

}  // namespace nearfab::cli
