// SPDX-License-Identifier: GPL-3.0-or-later
// flat_facts.hpp - what a drawing says about the flat part: outlines, defects, narrow places,
// sizes.
//
// Only what is to be cut makes outlines; scored and engraved lines count with their lengths.
// Paths are chained where their ends meet, and where they miss each other by no more than joint_mm.
// A closed chain is a loop. A loop in an even number of others bounds material from outside (an
// outer loop), one in an odd number is a hole. Loops that run into each other count as one there,
// which bounds all that any of them winds round. A cut that does not close and has material on both
// sides is a slit (geometry/flat/open_cuts.hpp); any other is an open outline. Arcs are arcs
// throughout: lengths, areas, distances and crossings are exact but for rounding; only widths
// between curves drawn in short chords may be wrong by 0.004 mm, and rectangles round arcs by
// 0.002 mm.
//
// A neck is a shortest line between two cuts that face each other: at each end it is square to the
// cut, or the cut turns away from it on both sides (within 5 degrees). Lines that face each other
// within 10 degrees of parallel are as far apart as the nearest points that face each other. The
// point of a wedge is therefore no neck, the blunt end of a tongue is. Across material a neck is a
// narrow wall, across waste a narrow gap.
//
// Time grows like n log n in the number of lines and arcs, unless a large part of them lie on top
// of each other; the work for that is bounded.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::geometry {

struct FlatOptions {
    // A laser's beam is 0.1 mm and more wide: a gap of half of that is not seen in the part, while
    // what is drawn apart on purpose is wider.
    double joint_mm = 0.05;
    // Lines this near along their whole length are one line drawn twice: a tenth of a usual kerf.
    double same_line_mm = 0.02;
    std::uint32_t places = 32;             // At most so many places of each kind are listed.
    std::uint64_t pieces = 2'000'000;      // Lines and quarter arcs.
    std::uint64_t tests = 60'000'000;      // Pairs that are looked at for meetings and nesting.
    std::uint64_t crossings = 20'000;      // Places where cuts cross or touch.
    std::uint64_t neck_tests = 8'000'000;  // Pairs that are looked at for necks.
    double neck_mm = 30;                   // Wider necks are of no interest to any tool.
};

struct FlatPlace {
    Vec2 at;
    double mm = 0;  // See where it is used.
};

// Two cuts and the shortest line between them.
struct Neck {
    Vec2 a;
    Vec2 b;
    double mm = 0;
};

struct FlatLoop {
    bool outer = false;
    std::uint32_t depth = 0;  // Loops round it.
    double area_mm2 = 0;      // Of the loop alone, without what lies in it.
    double length_mm = 0;
    double width_mm = 0;  // The narrowest slot its hull passes; the diameter of a circle.
    bool circle = false;
    FlatBounds bounds;
    std::uint32_t first_path = 0;  // Of Drawing::paths.
};

struct FlatRectangle {
    Vec2 centre;
    double long_mm = 0;
    double short_mm = 0;
    double angle = 0;  // Of the long side, radians from the x axis, in [0, pi).
};

// What a path of the drawing turned out to be. A path that was divided is named after its last
// part.
enum class PathRole : std::uint8_t {
    not_cut = 0,  // Scored, engraved, ignored, or of no length.
    outer = 1,
    inner = 2,
    open = 3,
    doubled = 4  // Lies on others from end to end.
};

struct FlatFacts {
    std::vector<PathRole> roles;  // One per path of the drawing.
    double cut_length_mm = 0;     // Without what is drawn twice.
    double score_length_mm = 0;
    double engrave_length_mm = 0;

    std::vector<FlatLoop> loops;
    std::uint32_t outer_loops = 0;
    std::uint32_t inner_loops = 0;
    std::uint32_t open_chains = 0;  // Slits and open outlines.
    std::uint32_t slits = 0;
    std::optional<FlatPlace> slit;  // The middle of the first, and its length.
    std::uint32_t pierces = 0;      // Loops and open chains: how often the beam starts.

    double doubled_length_mm = 0;    // Cut lines on top of other cut lines.
    std::vector<FlatPlace> doubled;  // Middle and length.
    std::uint32_t doubled_places = 0;
    std::uint32_t open_ends = 0;     // Of open outlines.
    std::vector<FlatPlace> open_at;  // With the gap to the nearest other open end, 0 if alone.
    std::uint32_t closed_gaps = 0;   // Ends that were joined although they do not meet.
    double largest_closed_gap_mm = 0;
    std::uint32_t branches = 0;          // Points where more than two ends meet.
    std::vector<FlatPlace> branch_at;    // With the number of ends.
    std::uint32_t self_crossings = 0;    // Of a chain with itself.
    std::uint32_t crossings = 0;         // Of two chains; also where one only touches another.
    std::vector<FlatPlace> crossing_at;  // Of both kinds.
    // Of these places: where cuts would divide a part that was meant to be one, because outlines
    // run across each other or slits go round a piece.
    std::uint32_t dividing = 0;
    std::optional<Vec2> dividing_at;
    // And where outlines only touch, so that nothing would be left between them.
    std::uint32_t touching = 0;
    std::optional<Vec2> touching_at;

    // Empty when there is none up to necks_searched_mm. That is neck_mm, or less where both were
    // found, the drawing is smaller, or the work was used up.
    std::optional<Neck> narrowest_wall;
    std::optional<Neck> narrowest_gap;
    double necks_searched_mm = 0;
    std::optional<FlatPlace> smallest_hole;          // Its middle and width_mm.
    std::optional<FlatPlace> smallest_inner_radius;  // Of rounded inner corners; also a hole's.
    std::uint32_t sharp_inner_corners = 0;           // Turning by more than 20 degrees.
    std::optional<FlatPlace> sharp_inner_corner;     // The first, with its turn in degrees.

    FlatBounds bounds;  // Of all cuts; of everything when there are none.
    FlatRectangle smallest_rectangle;
    double hull_area_mm2 = 0;
    double net_area_mm2 = 0;  // Outer loops without the holes in them, all that overlaps once.
};

// Errors: invalid_argument (nothing but ignored paths), too_large (a limit of the options).
[[nodiscard]] Result<FlatFacts> flat_facts(const Drawing& drawing, const FlatOptions& options = {});

// What the facts mean for a beam of that width: open_outline, slits, double_cut, crossing, branch,
// thin_wall, narrow_gap, small_hole, nothing_closed.
[[nodiscard]] std::vector<Remark> remarks_of(const FlatFacts& facts, double kerf_mm = 0.2);

}  // namespace nearfab::geometry
