// SPDX-License-Identifier: GPL-3.0-or-later
// toolpath_picture.hpp - a sheet with its toolpath as pixels, for a person to look at before it
// runs.
//
// The sheet with its parts in grey, and over them the way of the middle of the tool: cuts blue,
// those of holes lighter, leads orange, scores and slits sky blue, engravings green, travels thin
// and grey. A dot marks where each cut begins; the first is larger. Tabs are gaps in a laser's cut,
// and red in a mill's.

#pragma once

#include "geometry/picture/picture.hpp"
#include "node-agent/prepare/cut_sheet.hpp"

#include <cstdint>

namespace nearfab::agent {

// REQUIRES: longest_px is 128 .. 4096.
[[nodiscard]] geometry::Picture picture_of(const CutFile& file,
                                           const geometry::Vec2& sheet_mm,
                                           double tab_top_z,
                                           std::uint32_t longest_px = 1600);

}  // namespace nearfab::agent
