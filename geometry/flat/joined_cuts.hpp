// SPDX-License-Identifier: GPL-3.0-or-later
// joined_cuts.hpp - what a drawing cuts, without what is drawn twice, joined to loops.
//
// Of two paths that lie on each other the closed one stays, then the longer one. An open path that
// runs over itself, as when its first line is drawn again at its end, is divided there, without
// what it repeats.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/chains.hpp"
#include "geometry/flat/doubles.hpp"
#include "geometry/flat/flat_facts.hpp"

#include <vector>

namespace nearfab::geometry::flat {

struct JoinedCuts {
    std::vector<Piece> pieces;         // Of all cuts, doubled ones too.
    std::vector<Piece> others;         // Of what is scored and engraved.
    std::vector<DoubledPart> doubled;  // Of pieces.
    std::vector<bool> lost;            // Per path of the drawing: lies on others from end to end.
    Chains chains;                     // Loops first.
};

// Incomplete when the work is used up. Errors: too_large (more pieces than the options allow).
[[nodiscard]] Result<JoinedCuts> joined_cuts(const Drawing& drawing,
                                             const FlatOptions& options,
                                             Work& work);

// Said when the work is used up.
[[nodiscard]] Error too_tangled(const FlatOptions& options);
// Said of a drawing with more crossings than the options allow.
[[nodiscard]] Error too_many_crossings(const FlatOptions& options);

}  // namespace nearfab::geometry::flat
