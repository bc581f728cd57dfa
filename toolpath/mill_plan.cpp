// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/plane.hpp"
#include "toolpath/cut_plan.hpp"
#include "toolpath/plan_check.hpp"
#include "toolpath/pocket.hpp"
#include "toolpath/sheet_cuts.hpp"
#include "toolpath/tabs.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace nearfab::toolpath {
namespace {

using geometry::Vec3;

constexpr double shortest_mm = 1e-6;  // Ways below this are rounding.
constexpr double approach_mm = 0.5;   // Above the material the tool goes down slowly.

class MillPlanner {
public:
    MillPlanner(const Outlines& outlines, const MillSettings& settings)
        : outlines_{outlines}, settings_{settings} {}

    Result<CutPlan> run() {
        if (Status status = check(settings_); !status) return fail(status.error());
        auto sheet = sheet_cuts(outlines_, settings_, {settings_.tool_mm, 0});
        if (!sheet) return fail(sheet.error());
        plan_.path.kind = MachineKind::mill;
        plan_.path.start = at_ = {0, 0, settings_.safe_z_mm};
        plan_.path.s_full = settings_.spindle_rpm;
        plan_.path.spin_up_s = settings_.spin_up_s;
        plan_.path.assist = settings_.coolant;
        plan_.facts.leftovers = sheet->leftovers;
        engrave_areas();
        follow(outlines_.engravings, settings_.engrave_depth_mm, MoveKind::engrave);
        follow(outlines_.scores, settings_.score_depth_mm, MoveKind::score);
        follow(outlines_.slits, depth_mm(), MoveKind::slit);
        cut(*sheet);
        up();
        if (Status status = finish(plan_, sheet->kept, settings_.tool_mm / 2, settings_.motion);
            !status) {
            return fail(status.error());
        }
        return std::move(plan_);
    }

private:
    [[nodiscard]] double depth_mm() const { return settings_.thickness_mm + settings_.through_mm; }
    [[nodiscard]] static std::uint32_t passes_for(double depth, double step) {
        return static_cast<std::uint32_t>(std::max(1.0, std::ceil(depth / step - 1e-6)));
    }
    [[nodiscard]] Vec2 flat() const { return {at_.x, at_.y}; }

    void add(MoveKind kind, const Vec3& to, double bulge, double feed) {
        if (to == at_) return;
        plan_.path.moves.push_back({kind, to, bulge, feed, 0});
        at_ = to;
    }
    void up() {
        if (at_.z < settings_.safe_z_mm) {
            add(MoveKind::travel, {at_.x, at_.y, settings_.safe_z_mm}, 0, 0);
        }
    }
    void travel(const Vec2& to) {
        if (to == flat() && at_.z <= approach_mm) return;
        up();
        add(MoveKind::travel, {to.x, to.y, settings_.safe_z_mm}, 0, 0);
        add(MoveKind::travel, {to.x, to.y, approach_mm}, 0, 0);
        ++plan_.facts.pierces;
    }
    void plunge(double z) {
        if (z < at_.z) add(MoveKind::plunge, {at_.x, at_.y, z}, 0, settings_.plunge_mm_min);
    }
    void lift(double z) {
        if (z > at_.z) add(MoveKind::lift, {at_.x, at_.y, z}, 0, settings_.feed_mm_min);
    }
    // Along a span, going down evenly to z at its end. Down a ramp the plunge feed counts along z.
    void along(const Span& span, double z, MoveKind kind) {
        const double drop = at_.z - z;
        double feed = settings_.feed_mm_min;
        if (drop > 1e-9) {
            const double whole = std::hypot(span.length(), drop);
            feed = std::min(feed, settings_.plunge_mm_min * whole / drop);
        }
        add(kind, {span.to.x, span.to.y, z}, span.bulge, feed);
    }
    void along(const Track& track, MoveKind kind) {
        for (const Span& span : track)
            along(span, at_.z, kind);
    }

    // Lines as they are drawn; passes over an open line go to and fro.
    void follow(const std::vector<Track>& lines, double depth, MoveKind kind) {
        const auto stops = stops_of(lines);
        const std::uint32_t passes = passes_for(depth, settings_.step_down_mm);
        for (const Visit& visit : order_of(stops, {flat(), settings_.steps})) {
            const Gate& gate = stops[visit.stop].gates[visit.gate];
            Track line = entered_at(lines[visit.stop], gate);
            travel(line.front().from);
            const bool closed = line.front().from == line.back().to;
            for (std::uint32_t pass = 1; pass <= passes; ++pass) {
                plunge(-depth * pass / passes);
                along(line, kind);
                if (!closed) line = reversed(line);
            }
            up();
        }
    }

    void engrave_areas() {
        const Region area = even_odd(outlines_.engraved);
        // Each outline with what is left standing in it is one pocket.
        const auto contours = contours_of(area);
        for (std::size_t i = 0; i < contours.size(); ++i) {
            if (contours[i].hole) continue;
            Region one{contours[i].polygon};
            for (std::size_t k = 0; k < contours.size(); ++k) {
                if (contours[k].parent == i) one.push_back(reversed(contours[k].polygon));
            }
            clear(one, settings_.engrave_depth_mm, MoveKind::engrave);
        }
    }

    void clear(const Region& area, double depth, MoveKind kind) {
        const Pocket pocket =
            pocket_of(area, {settings_.tool_mm, settings_.step_over, settings_.arc_tolerance_mm});
        for (const Contour& left : contours_of(pocket.unreached)) {
            if (left.hole || left.polygon.empty()) continue;
            const double mm2 = signed_area(left.polygon);
            if (mm2 > 0.02) {
                plan_.facts.leftovers.push_back({left.polygon.front(), mm2, std::sqrt(mm2)});
            }
        }
        const KeptMaterial wall{pocket.centre};
        const std::uint32_t passes = passes_for(depth, settings_.step_down_mm);
        for (std::uint32_t pass = 1; pass <= passes; ++pass) {
            const double z = -depth * pass / passes;
            for (const Track& ring : pocket.rings)
                clear_ring(ring, z, depth / passes, wall, kind);
        }
        up();
    }

    // From where the tool stands, if the way there is in the pocket; else down a ramp on the ring.
    void clear_ring(
        const Track& ring, double z, double step, const KeptMaterial& wall, MoveKind kind) {
        const double start = nearest_on(ring);
        const Track round = started_at(ring, start);
        const Vec2 to = round.front().from;
        const bool below = at_.z <= z + 1e-9;
        if (below && near(to) && stays_in(to, wall)) {
            along(Span{flat(), to, 0}, z, kind);
        } else {
            travel(to);
            // Down to what the pass before has cleared.
            plunge(std::min(z + step, at_.z));
            ramp(round, z, kind);
            return;
        }
        along(round, kind);
    }

    [[nodiscard]] bool near(const Vec2& to) const {
        return geometry::plane::distance(flat(), to) <= 2 * settings_.tool_mm;
    }
    [[nodiscard]] bool stays_in(const Vec2& to, const KeptMaterial& wall) const {
        constexpr int looks = 16;
        for (int i = 1; i < looks; ++i) {
            const double share = static_cast<double>(i) / looks;
            const Vec2 p{at_.x + share * (to.x - at_.x), at_.y + share * (to.y - at_.y)};
            if (!wall.holds(p) && wall.distance_to(p, p, 0.01) >= 0.01) return false;
        }
        return true;
    }
    [[nodiscard]] double nearest_on(const Track& ring) const {
        double best = 0;
        double best_mm = geometry::plane::distance(ring.front().from, flat());
        double along_mm = 0;
        for (const Span& span : ring) {
            along_mm += span.length();
            const double mm = geometry::plane::distance(span.to, flat());
            if (mm < best_mm) {
                best_mm = mm;
                best = along_mm;
            }
        }
        return best;
    }

    // Of a ramp down a closed track: no more than so many rounds, in a hole hardly wider than the
    // tool.
    [[nodiscard]] double slope_for(double drop, double whole) const {
        constexpr double most_rounds = 12;
        return std::max(std::tan(settings_.ramp_deg * std::numbers::pi / 180),
                        drop / (most_rounds * std::max(whole, 1e-3)));
    }

    // Down along the closed track to z, round and round if need be, then once round at z.
    void ramp(const Track& round, double z, MoveKind kind) {
        const double whole = length_of(round);
        const double slope = slope_for(at_.z - z, whole);
        double here = 0;  // Along the track.
        while (at_.z > z + 1e-9 && whole > shortest_mm) {
            const double need = (at_.z - z) / slope;
            const double run = std::min(need, whole - here);
            const double end_z = need <= run + shortest_mm ? z : at_.z - run * slope;
            down_along(between(round, here, here + run), end_z, kind);
            here += run;
            if (here > whole - shortest_mm) here = 0;
        }
        if (at_.z > z) plunge(z);
        along(started_at(round, here), kind);
    }

    void down_along(const Track& track, double end_z, MoveKind kind) {
        const double begin_z = at_.z;
        const double whole = length_of(track);
        double done = 0;
        for (std::size_t i = 0; i < track.size(); ++i) {
            done += track[i].length();
            const bool last = i + 1 == track.size();
            along(track[i], last ? end_z : begin_z + (end_z - begin_z) * done / whole, kind);
        }
    }

    void cut(const SheetCuts& sheet) {
        std::vector<std::uint32_t> inside(sheet.cuts.size(), 0);
        for (const ClosedCut& closed : sheet.cuts) {
            if (closed.contour.parent) ++inside[*closed.contour.parent];
        }
        const auto stops = stops_of(sheet.cuts);
        for (const Visit& visit : order_of(stops, {flat(), settings_.steps})) {
            const ClosedCut& closed = sheet.cuts[visit.stop];
            const bool empty = closed.contour.hole && inside[visit.stop] == 0;
            if (empty && is_small(closed.contour.polygon)) {
                // Milled away whole: the tool's middle may go wherever the contour encloses.
                clear(grown({closed.contour.polygon}, settings_.tool_mm / 2, 0.003),
                      depth_mm(),
                      MoveKind::cut);
            } else {
                cut_loop(closed, closed.starts[visit.gate], empty || !closed.contour.hole);
            }
        }
    }

    // Is the piece of waste that a cut would free no larger than the limit? No piece: no question.
    [[nodiscard]] bool is_small(const Polygon& contour) const {
        Vec2 low = contour.front();
        Vec2 high = low;
        for (const Vec2& p : contour) {
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
        const double waste = std::max(high.x - low.x, high.y - low.y) - settings_.tool_mm;
        const bool piece = !grown({contour}, -settings_.tool_mm / 2, 0.01).empty();
        return piece && waste <= settings_.slug_mm;
    }

    void cut_loop(const ClosedCut& closed, const CutStart& start, bool held) {
        const Track round = started_at(closed.track, start.along_mm);
        travel(start.at);
        const std::uint32_t passes = passes_for(depth_mm(), settings_.step_down_mm);
        const bool solid =
            closed.contour.hole
                ? !grown({closed.contour.polygon}, -settings_.tool_mm / 2, 0.01).empty()
                : true;
        // The tabs stay as wide as wished at their top, so the tool leaves room on both sides.
        const auto tabs = held && solid
                              ? tabs_of(round, settings_.tabs, settings_.tab_mm + settings_.tool_mm)
                              : std::vector<Tab>{};
        plunge(0);
        depth_ = 0;
        double along_mm = 0;
        for (std::uint32_t pass = 1; pass <= passes; ++pass)
            along_mm = loop_pass(round, tabs, -depth_mm() * pass / passes, along_mm);
        up();
    }

    // One pass: down a ramp and once round at z, from and to distances along the closed track.
    double loop_pass(const Track& round, const std::vector<Tab>& tabs, double z, double begin) {
        const double whole = length_of(round);
        const double slope = slope_for(depth_ - z, whole);
        const double top = -settings_.thickness_mm + settings_.tab_height_mm;
        const double from_z = depth_;
        const double ramp_mm = (from_z - z) / slope;
        double done = 0;
        while (done < ramp_mm + whole - 1e-6) {
            const double here = std::fmod(begin + done, whole);
            const double left = ramp_mm + whole - done;
            const double ramp_left = ramp_mm - done;
            double run = std::min(left, whole - here);
            if (ramp_left > 1e-9) run = std::min(run, ramp_left);
            const auto tab = z < top ? next_tab(tabs, here) : std::nullopt;
            const bool on_tab = tab && here >= tab->begin_mm - 1e-6;
            if (tab) run = std::min(run, on_tab ? tab->end_mm - here : tab->begin_mm - here);
            const auto z_at = [&](double mm) { return std::max(z, from_z - mm * slope); };
            if (on_tab) {
                lift(std::max(z_at(done), top));
                down_along(between(round, here, here + run),
                           std::max(z_at(done + run), top),
                           MoveKind::cut);
            } else {
                plunge(z_at(done));
                down_along(between(round, here, here + run), z_at(done + run), MoveKind::cut);
            }
            done += std::max(run, 1e-6);
        }
        depth_ = z;
        return std::fmod(begin + done, whole);
    }

    // The tab at or after this place, if there is one before the end of the track.
    [[nodiscard]] static std::optional<Tab> next_tab(const std::vector<Tab>& tabs, double here) {
        for (const Tab& tab : tabs) {
            if (here < tab.end_mm - 1e-6) return tab;
        }
        return std::nullopt;
    }

    const Outlines& outlines_;
    const MillSettings& settings_;
    CutPlan plan_;
    Vec3 at_;
    double depth_ = 0;  // Where the last pass of the loop being cut has come to.
};

}  // namespace

Result<CutPlan> plan_mill(const Outlines& outlines, const MillSettings& settings) {
    return MillPlanner{outlines, settings}.run();
}

}  // namespace nearfab::toolpath
