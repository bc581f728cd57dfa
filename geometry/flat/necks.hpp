// SPDX-License-Identifier: GPL-3.0-or-later
// necks.hpp - the narrowest walls and gaps between cuts.

#pragma once

#include "geometry/flat/chains.hpp"
#include "geometry/flat/flat_facts.hpp"

#include <optional>
#include <vector>

namespace nearfab::geometry::flat {

// On which side of each chain the material is.
enum class MaterialSide : std::uint8_t { left, right, both };

struct Necks {
    std::optional<Neck> wall;
    std::optional<Neck> gap;
    double searched_mm = 0;  // All necks up to this width were looked at.
};

// Looks for necks up to ever larger widths until both are found, most_mm is reached, the whole
// drawing was looked at, or the work is used up; searched_mm says how far. A neck wider than that
// is not told, since there may be a narrower one, unless the whole drawing was looked at. The words
// are those of flat_facts.hpp. known is what is known to be there before; only narrower necks
// replace it. Necks below least_mm are joints and doubled lines, and none. Lines in a row that are
// a curve drawn in short chords are taken as longer ones no further than 0.002 mm from them, so a
// width may be wrong by 0.004 mm. REQUIRES: one side for each chain.
[[nodiscard]] Necks necks_of(const Chains& chains,
                             const std::vector<MaterialSide>& sides,
                             const Necks& known,
                             double least_mm,
                             double most_mm,
                             Work& work);

}  // namespace nearfab::geometry::flat
