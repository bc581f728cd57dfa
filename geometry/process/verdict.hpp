// SPDX-License-Identifier: GPL-3.0-or-later
// verdict.hpp - can a process make this part, and what speaks against it.
//
// Facts about the part on one side, limits of a process on the other; each rule compares one fact
// with one limit and, where the limit is passed, says so with place, both numbers and words. A
// rule without its fact or without its limit is silent: what was not measured is not judged. The
// facts are plain numbers, so that whoever measured them can fill them in. Pure.
//
// The rules, which are stable ids:
//   not feasible   not_solid, wall_too_thin, gap_too_narrow, undercut, corner_too_tight,
//                  pocket_too_deep, too_many_setups, not_flat, outline_open, outlines_cross,
//                  outlines_touch, sheet_too_thick, feature_too_small, nothing_to_judge,
//                  nothing_to_cut, too_large, closed_void (for mills)
//   remark         wall_thin, gap_narrow, hole_small, overhang, much_support, long_bridge,
//                  feature_small,
//                  islands, little_contact, falls_over, sharp_corner, corner_tight, pocket_deep,
//                  tool_too_short, several_setups, slit_narrow, slits, double_cut,
//                  larger_than_usual, fits_turned, buried_faces, undercut_small, long_run;
//                  closed_void for prints
//
// What was measured is held against limits as limit_standing.hpp says: what misses a limit by less
// than it is measured off is at the limit, which is remarked.
//
// Size is asked of the exact fit (geometry/fit): the part standing on any of its axes, or lying on
// a flat side or a side of its smallest box (fits_turned), and turned about the vertical by any
// angle. What is larger than a typical machine is remarked, for there are
// larger ones, and each machine's own envelope decides when a fab is looked for; what is larger
// than the given machine is (limits of LimitOrigin::machine) is not feasible.

#pragma once

#include "geometry/fit/envelope_fit.hpp"
#include "geometry/process/milling.hpp"
#include "geometry/process/overhang.hpp"
#include "geometry/process/process_family.hpp"
#include "geometry/process/process_limits.hpp"
#include "geometry/process/turned_stances.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::geometry {

struct PlacedLength {
    double mm = 0;
    std::optional<Vec3> place;
};

struct PlacedCount {
    std::uint32_t count = 0;
    std::optional<Vec3> place;  // Of the first.
};

// A part as sheet work: from a drawing, or from a solid that is a plate.
struct SheetFacts {
    std::optional<double> thickness_mm;  // None for a drawing.
    PlacedCount open_ends;               // Of outlines that do not close.
    PlacedCount slits;                   // Cuts that do not close, with material on both sides.
    PlacedCount dividing;  // Where cuts run across each other and would take the part apart.
    PlacedCount touching;  // Where outlines touch, and nothing is left between them.
    std::optional<PlacedLength> doubled;                // Of all lines that are drawn twice.
    bool any_outline = true;                            // Something closed is to be cut.
    std::optional<PlacedLength> smallest_feature;       // Of material left standing.
    std::optional<PlacedLength> smallest_gap;           // Between cuts.
    std::optional<PlacedLength> smallest_hole;          // Diameter.
    std::optional<PlacedLength> smallest_inner_radius;  // Of rounded inner corners; for mills.
    std::uint32_t sharp_inner_corners = 0;
    std::optional<Vec3> sharp_inner_corner;  // One of them.
    double cut_length_mm = 0;
    std::uint32_t contours = 0;
    double area_mm2 = 0;           // Of the finished parts.
    double bounding_area_mm2 = 0;  // Of the rectangle they are cut from.
    double travel_mm = 0;          // Between contours, if known.
    std::vector<Vec2> outline;     // Seen from above, as geometry/fit/outline.hpp makes it.
};

struct PartFacts {
    // Of the file as a solid; false for a drawing, which only the sheet rules judge.
    bool is_solid_file = true;
    bool closed_and_oriented = true;
    double volume_mm3 = 0;
    // Bodies run into each other and could not be united: what would be measured on faces inside
    // of others was left out, and that is remarked (buried_faces).
    bool buried_faces = false;
    // Hollows that nothing leads into.
    std::uint32_t closed_voids = 0;
    double closed_voids_mm3 = 0;
    std::optional<Vec3> closed_void;  // One of them: a point of its wall.
    std::optional<Stances> stances;   // Of a solid.
    // Further ways up, asked where it fits in none of those; needed only for what is large.
    std::vector<TurnedStance> turned;
    std::optional<PlacedLength> thinnest_wall;
    // A hundredth of the surface has walls thinner than this. A wall of a part is more than that;
    // less is a sliver that a slicer leaves out, and no reason to refuse the part.
    std::optional<double> hundredth_wall_mm;
    std::optional<PlacedLength> narrowest_gap;
    std::optional<double> hundredth_gap_mm;  // The same of the gaps.
    std::optional<PlacedLength> smallest_hole;
    // A pin or bar: narrow in two directions. The wider of the two, at the narrowest such place.
    std::optional<PlacedLength> smallest_feature;
    // As printed: in the orientation that was chosen.
    std::optional<Overhangs> printing;
    std::optional<double> tip_deg;
    std::optional<MillingFacts> milling;
    std::optional<SheetFacts> sheet;
};

enum class Feasibility : std::uint8_t { feasible = 1, with_remarks = 2, not_feasible = 3 };

// The stable lower-case name: feasible, with_remarks, not_feasible.
[[nodiscard]] std::string_view to_string(Feasibility feasibility);

struct VerdictReason {
    std::string rule;
    bool blocking = false;
    std::optional<Vec3> place;  // In the part's coordinates.
    double measured = 0;
    double limit = 0;
    std::string unit;
    std::string words;  // A sentence without its full stop, with both numbers.
};

struct Verdict {
    std::string process;
    Feasibility feasibility = Feasibility::feasible;
    std::vector<VerdictReason> reasons;  // What blocks first.
};

[[nodiscard]] Verdict verdict_on(const PartFacts& facts, const ProcessLimits& limits);

// What geometry/process/estimate.hpp finds is known after the verdict: a run that is longer than
// the limits call good is added to the remarks. No-op for what is not feasible.
void remark_on_time(Verdict& verdict, double time_s, const ProcessLimits& limits);

// One for each process of the table, in its order.
[[nodiscard]] std::vector<Verdict> verdicts_on(const PartFacts& facts,
                                               const std::vector<ProcessLimits>& table);

// The same rule may say something else of another machine of the process, because the limit is the
// machine's own: walls and gaps of a printer, the beam of a cutter. What is left (the surface is
// open, no straight cutter gets there, the part is not flat) no machine mends.
[[nodiscard]] bool depends_on_machine(std::string_view rule, std::string_view process);

// The finest length of the part that decides whether a machine of the process can make it, by the
// same judgement as the verdict's: slivers do not count. Walls, gaps and round holes for printers;
// gaps and round holes, which a tool must enter, for mills; strips and holes for cutters.
struct DecidingLength {
    std::string_view what;  // "the thinnest wall"
    PlacedLength length;
};
[[nodiscard]] std::optional<DecidingLength> finest_needed(const PartFacts& facts,
                                                          std::string_view process);

}  // namespace nearfab::geometry
