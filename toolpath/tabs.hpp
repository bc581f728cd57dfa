// SPDX-License-Identifier: GPL-3.0-or-later
// tabs.hpp - short bridges that hold a part until a person breaks it out.
//
// Spread evenly round the cut, each moved to the middle of a straight or gently curved stretch if
// there is one near, since a tab in a corner is hard to clean.

#pragma once

#include "toolpath/track.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::toolpath {

// A stretch of a closed track, in millimetres from its begin.
struct Tab {
    double begin_mm = 0;
    double end_mm = 0;
};

// At most `count` of them, fewer where they would take up more than a third of the track; in order,
// none over the begin of the track. wide_mm is measured along the tool's middle.
[[nodiscard]] std::vector<Tab> tabs_of(const Track& track, std::uint32_t count, double wide_mm);

}  // namespace nearfab::toolpath
