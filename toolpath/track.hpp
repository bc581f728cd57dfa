// SPDX-License-Identifier: GPL-3.0-or-later
// track.hpp - a way in the plane made of lines and arcs, measured along its length.
//
// Millimetres. An arc is at most a half circle and is given by its bulge
// (geometry/flat/drawing.hpp).

#pragma once

#include "geometry/flat/drawing.hpp"
#include "toolpath/region.hpp"

#include <vector>

namespace nearfab::toolpath {

struct Span {
    Vec2 from;
    Vec2 to;
    double bulge = 0;  // 0: a line.

    [[nodiscard]] double length() const;
    [[nodiscard]] double radius() const;                      // REQUIRES: bulge != 0.
    [[nodiscard]] Vec2 at(double part) const;                 // 0 is from, 1 is to.
    [[nodiscard]] Vec2 direction(double part) const;          // Unit length.
    [[nodiscard]] Span part(double begin, double end) const;  // 0 <= begin <= end <= 1.

    friend bool operator==(const Span&, const Span&) = default;
};

// Each span begins where the one before ended; a closed track ends where it began.
using Track = std::vector<Span>;

[[nodiscard]] double length_of(const Track& track);
[[nodiscard]] Track reversed(const Track& track);
// The same closed track, beginning `mm` further along. REQUIRES: closed, not empty.
[[nodiscard]] Track started_at(const Track& track, double mm);
// Between two distances from its begin; what lies beyond its ends is left out.
[[nodiscard]] Track between(const Track& track, double begin_mm, double end_mm);

struct TrackPoint {
    Vec2 at;
    Vec2 direction;
};
[[nodiscard]] TrackPoint point_of(const Track& track, double mm);

[[nodiscard]] Track track_of(const geometry::Path& path);
// With arcs where the corners lie on them, within the tolerance. Closed.
[[nodiscard]] Track track_of(const Polygon& polygon, double arc_tolerance_mm);
// Straight lines between the corners. Closed.
[[nodiscard]] Track plain_track_of(const Polygon& polygon);

// Corners no further from the track than the tolerance. The end of an open track is included.
[[nodiscard]] Polygon flattened(const Track& track, double tolerance_mm, bool closed);

}  // namespace nearfab::toolpath
