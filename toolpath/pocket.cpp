// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/pocket.hpp"

#include <algorithm>

namespace nearfab::toolpath {
namespace {

constexpr double tolerance_mm = 0.003;
constexpr double noticed_mm2 = 0.01;

// Outermost first.
std::vector<Region> nested(const Region& centre, double step_mm) {
    std::vector<Region> rings;
    for (Region ring = centre; !ring.empty(); ring = grown(ring, -step_mm, tolerance_mm))
        rings.push_back(ring);
    return rings;
}

// What a tool along these rings removes.
Region swept(const std::vector<Region>& rings, double radius_mm) {
    Region all;
    for (const Region& ring : rings) {
        const Region outside = grown(ring, radius_mm, tolerance_mm);
        all = united(all, without(outside, grown(ring, -radius_mm, tolerance_mm)));
    }
    return all;
}

}  // namespace

Pocket pocket_of(const Region& area, const PocketOptions& options) {
    const double radius = options.tool_mm / 2;
    Pocket pocket;
    pocket.centre = grown(area, -radius, tolerance_mm);
    const Region reachable = grown(pocket.centre, radius, tolerance_mm);
    pocket.unreached = without(area, reachable);
    // Inside sharp corners of two rings a spot may be left; then the rings come closer together.
    std::vector<Region> rings;
    for (double step = options.step_over; step > options.step_over / 4; step *= 0.75) {
        rings = nested(pocket.centre, step * options.tool_mm);
        const Region left = without(reachable, swept(rings, radius));
        pocket.uncleared_mm2 = area_of(grown(left, -2 * tolerance_mm, tolerance_mm));
        if (pocket.uncleared_mm2 < noticed_mm2) break;
    }
    for (auto ring = rings.rbegin(); ring != rings.rend(); ++ring) {
        for (const Contour& contour : contours_of(*ring)) {
            // Counter-clockwise inside an outline, clockwise round an island: the wall is right.
            const Track round = track_of(contour.polygon, options.arc_tolerance_mm);
            if (!round.empty()) pocket.rings.push_back(contour.hole ? reversed(round) : round);
        }
    }
    return pocket;
}

}  // namespace nearfab::toolpath
