// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/plan_check.hpp"

#include "geometry/flat/plane.hpp"
#include "geometry/number_text.hpp"
#include "toolpath/motion_time.hpp"
#include "toolpath/place_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace nearfab::toolpath {
namespace {

using geometry::Vec3;

struct Range {
    const char* name;
    double value;
    double low;
    double high;
};

Status within(std::initializer_list<Range> ranges) {
    for (const Range& range : ranges) {
        if (range.value >= range.low && range.value <= range.high) continue;
        return fail(ErrorCode::invalid_argument,
                    std::string{range.name} + " is " + geometry::number_text(range.value) +
                        ", and it may be " + geometry::number_text(range.low) + " to " +
                        geometry::number_text(range.high),
                    "Correct it in the machine's profile");
    }
    return {};
}

constexpr double any_mm = 10'000;
constexpr double any_feed = 100'000;

Status check_common(const CutterSettings& s) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (Status status =
                within({{"a rapid", s.motion.rapid_mm_min[axis], 1, any_feed},
                        {"an acceleration", s.motion.acceleration_mm_s2[axis], 0.1, 100'000}});
            !status) {
            return status;
        }
    }
    return within({{"the sheet's width", s.sheet_mm.x, 1, any_mm},
                   {"the sheet's depth", s.sheet_mm.y, 1, any_mm},
                   {"the margin", s.margin_mm, 0, 1000},
                   {"the tolerance of arcs", s.arc_tolerance_mm, 0.0005, 0.02},
                   {"the junction deviation", s.motion.junction_deviation_mm, 0.0001, 1}});
}

Status check_beam(const char* name, const Beam& beam) {
    Status status = within({{name, beam.power, 0, 1},
                            {"a feed", beam.feed_mm_min, 1, any_feed},
                            {"a number of passes", static_cast<double>(beam.passes), 1, 50}});
    return status;
}

// What a move cuts, drawn in lines no further from it than the check's slack allows.
Polygon way_of(const Vec3& from, const Move& move) {
    const Track track{{{from.x, from.y}, {move.to.x, move.to.y}, move.bulge}};
    return flattened(track, 0.001, false);
}

void include(geometry::FlatBounds& box, const Vec2& p) {
    box.min = {std::min(box.min.x, p.x), std::min(box.min.y, p.y)};
    box.max = {std::max(box.max.x, p.x), std::max(box.max.y, p.y)};
}

void add_length(PlanFacts& facts, const Move& move, double mm) {
    switch (move.kind) {
        case MoveKind::travel:
        case MoveKind::lift:
            facts.travel_mm += mm;
            break;
        case MoveKind::score:
            facts.score_mm += mm;
            break;
        case MoveKind::engrave:
            facts.engrave_mm += mm;
            break;
        case MoveKind::lead:
        case MoveKind::cut:
        case MoveKind::slit:
        case MoveKind::plunge:
            facts.cut_mm += mm;
            break;
    }
}

}  // namespace

Status check(const LaserSettings& s) {
    if (Status status = check_common(s); !status) return status;
    for (const auto& [name, beam] : {std::pair{"the power of a cut", &s.cut},
                                     std::pair{"the power of a score", &s.score},
                                     std::pair{"the power of an engraving", &s.engrave}}) {
        if (Status status = check_beam(name, *beam); !status) return status;
    }
    return within({{"the kerf", s.kerf_mm, 0, 2},
                   {"the distance of engraved lines", s.engrave_line_mm, 0.01, 10},
                   {"the lead-in", s.lead_in_mm, 0, 50},
                   {"the overcut", s.overcut_mm, 0, 10},
                   {"the width of a tab", s.tab_mm, 0.05, 10},
                   {"S at full power", s.s_max, 1, 100'000}});
}

Status check(const MillSettings& s) {
    if (Status status = check_common(s); !status) return status;
    return within({{"the tool's diameter", s.tool_mm, 0.05, 50},
                   {"the thickness", s.thickness_mm, 0.05, 200},
                   {"the cut into the bed", s.through_mm, 0, 5},
                   {"the spindle's speed", s.spindle_rpm, 1, 100'000},
                   {"the spin-up", s.spin_up_s, 0, 30},
                   {"the feed", s.feed_mm_min, 1, any_feed},
                   {"the plunge feed", s.plunge_mm_min, 1, any_feed},
                   {"the depth of a pass", s.step_down_mm, 0.01, 50},
                   {"the step over", s.step_over, 0.05, 0.9},
                   {"the ramp", s.ramp_deg, 0.5, 45},
                   {"the safe height", s.safe_z_mm, 0.5, 200},
                   {"the depth of engravings", s.engrave_depth_mm, 0.01, s.thickness_mm},
                   {"the depth of scores", s.score_depth_mm, 0.01, s.thickness_mm},
                   {"the width of a tab", s.tab_mm, 0.1, 50},
                   {"the height of a tab", s.tab_height_mm, 0.1, s.thickness_mm},
                   {"the size of waste to mill away", s.slug_mm, 0, 200}});
}

std::optional<Gouge> first_gouge(const Toolpath& path, const Region& kept, double clearance_mm) {
    const KeptMaterial material{kept};
    Vec3 at = path.start;
    bool outside = false;  // The last end is known to be in the waste.
    for (std::size_t i = 0; i < path.moves.size(); ++i) {
        const Move& move = path.moves[i];
        const Vec3 from = at;
        at = move.to;
        const bool cuts = (move.kind == MoveKind::cut || move.kind == MoveKind::lead) &&
                          (path.kind == MachineKind::mill || move.power > 0) &&
                          std::min(from.z, at.z) <= 0;
        if (!cuts) {
            outside = false;
            continue;
        }
        const Polygon way = way_of(from, move);
        if (!outside && material.holds(way.front())) {
            return Gouge{i, way.front(), way.front(), 0};
        }
        outside = true;
        for (std::size_t k = 0; k + 1 < way.size(); ++k) {
            if (clearance_mm <= 0) break;
            const double mm = material.distance_to(way[k], way[k + 1], clearance_mm);
            if (mm < clearance_mm) return Gouge{i, way[k], way[k + 1], mm};
        }
    }
    return std::nullopt;
}

Status finish(CutPlan& plan, const Region& kept, double radius_mm, const MachineMotion& motion) {
    const Toolpath& path = plan.path;
    if (path.moves.size() > most_moves) {
        return fail(ErrorCode::too_large,
                    "the plan has " + std::to_string(path.moves.size()) +
                        " moves, and the limit is " + std::to_string(most_moves),
                    "Simplify the drawing, or engrave less");
    }
    if (const auto gouge = first_gouge(path, kept, radius_mm - gouge_slack_mm)) {
        return fail(ErrorCode::internal,
                    "the planned cut from " + place_text(gouge->from) + " to " +
                        place_text(gouge->to) + " comes within " + mm_text(gouge->distance_mm) +
                        " of the part, and the tool is " + mm_text(2 * radius_mm) + " wide",
                    "Do not run it; report the drawing as a fault of nearfab");
    }
    constexpr double far = std::numeric_limits<double>::infinity();
    geometry::FlatBounds box{{far, far}, {-far, -far}};
    Vec3 at = path.start;
    for (const Move& move : path.moves) {
        add_length(plan.facts, move, length_mm(at, move));
        if (move.kind != MoveKind::travel && move.kind != MoveKind::lift) {
            for (const Vec2& p : way_of(at, move)) {
                include(box, {p.x - radius_mm, p.y - radius_mm});
                include(box, {p.x + radius_mm, p.y + radius_mm});
            }
        }
        at = move.to;
    }
    plan.facts.cut_bounds = box.min.x <= box.max.x ? box : geometry::FlatBounds{};
    plan.facts.time_s = time_s(path, motion);
    return {};
}

}  // namespace nearfab::toolpath
