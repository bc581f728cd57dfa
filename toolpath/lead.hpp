// SPDX-License-Identifier: GPL-3.0-or-later
// lead.hpp - where to begin a closed cut, and how to come to it from the waste.
//
// The mark where a beam pierces or a tool plunges should be in the waste: a short line leads from
// there to the cut. It is straight, at 45 degrees to the cut, and shorter where there is no room;
// where there is none at all the cut begins on its own line. Starts are sought in the middles of
// the longest spans, away from corners.

#pragma once

#include "geometry/flat/box_tree.hpp"
#include "toolpath/region.hpp"
#include "toolpath/track.hpp"

#include <vector>

namespace nearfab::toolpath {

// What must be kept, to be asked whether a cut comes too near.
class KeptMaterial {
public:
    explicit KeptMaterial(const Region& kept);

    // Does the line from a to b stay at least mm from all kept material?
    [[nodiscard]] bool clear_of(const Vec2& a, const Vec2& b, double mm) const;
    // The distance to the nearest edge of kept material, looked for up to `most` away.
    [[nodiscard]] double distance_to(const Vec2& a, const Vec2& b, double most) const;
    [[nodiscard]] bool holds(const Vec2& point) const;

private:
    std::vector<geometry::flat::Piece> edges_;
    geometry::flat::BoxTree tree_;
    double far_x_ = 0;  // Right of everything.
};

struct LeadOptions {
    double length_mm = 2;
    double clearance_mm = 0;  // From the middle of the lead to kept material.
    Vec2 low;                 // Leads stay within this rectangle.
    Vec2 high;
};

struct CutStart {
    double along_mm = 0;  // Where on the track the cut begins.
    Vec2 at;
    Vec2 from;  // Where the lead begins; `at` when there is none.
    bool led = false;
};

inline constexpr std::size_t most_starts = 8;

// At least one and at most most_starts, those with a lead if there are any. waste_left says on
// which side of the track the waste is. REQUIRES: track is closed and not empty.
[[nodiscard]] std::vector<CutStart> starts_of(const Track& track,
                                              bool waste_left,
                                              const KeptMaterial& kept,
                                              const LeadOptions& options);

}  // namespace nearfab::toolpath
