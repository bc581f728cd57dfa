// SPDX-License-Identifier: GPL-3.0-or-later
// hatch.hpp - an area filled with parallel lines, as a beam engraves it.

#pragma once

#include "base/result.hpp"
#include "toolpath/region.hpp"

#include <vector>

namespace nearfab::toolpath {

struct HatchLine {
    Vec2 from;
    Vec2 to;
};

// Lines along x, every `apart_mm`, from below to above, to and fro. Error too_large: more than
// most_moves of them. REQUIRES: apart_mm > 0.
[[nodiscard]] Result<std::vector<HatchLine>> hatch_of(const Region& area, double apart_mm);

}  // namespace nearfab::toolpath
