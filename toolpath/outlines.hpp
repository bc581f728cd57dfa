// SPDX-License-Identifier: GPL-3.0-or-later
// outlines.hpp - a drawing as a cutter takes it: material to keep, lines to score and engrave.
//
// Cuts are joined to loops as geometry/flat does it; a loop in an even number of others bounds
// material, one in an odd number is a hole. Curves are drawn in chords within chord_mm, which the
// planner turns into arcs again.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing.hpp"
#include "geometry/flat/flat_facts.hpp"
#include "toolpath/region.hpp"
#include "toolpath/track.hpp"

#include <vector>

namespace nearfab::toolpath {

struct OutlineOptions {
    geometry::FlatOptions joining;
    double chord_mm = 0.003;  // A fortieth of the narrowest kerf.
    // Cuts that do not close, inside the material, are slits (geometry/flat/open_cuts.hpp).
    // Otherwise, anywhere else, and where they cut a piece off, they are an error: most of them are
    // outlines that were drawn carelessly.
    bool slits = false;
};

struct Outlines {
    std::vector<Polygon> loops;     // Counter-clockwise; even-odd they are the material.
    std::vector<Track> slits;       // Open.
    std::vector<Track> scores;      // Open and closed.
    std::vector<Track> engravings;  // Lines to follow.
    std::vector<Polygon> engraved;  // Areas to fill, even-odd.

    // Of everything that is made. Empty outlines have empty bounds.
    [[nodiscard]] geometry::FlatBounds bounds() const;
};

// Errors, naming places and what to do: invalid_file (a cut that does not close, cuts that cross,
// nothing to cut), too_large (a limit of the options).
[[nodiscard]] Result<Outlines> outlines_of(const geometry::Drawing& drawing,
                                           const OutlineOptions& options = {});

// Turned about the origin (radians, counter-clockwise), then moved.
[[nodiscard]] Outlines moved(const Outlines& outlines, double angle, const Vec2& by);
// The second laid beside the first.
void append(Outlines& all, const Outlines& more);

}  // namespace nearfab::toolpath
