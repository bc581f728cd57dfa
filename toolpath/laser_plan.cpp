// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/plane.hpp"
#include "toolpath/cut_plan.hpp"
#include "toolpath/hatch.hpp"
#include "toolpath/plan_check.hpp"
#include "toolpath/sheet_cuts.hpp"
#include "toolpath/tabs.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::toolpath {
namespace {

class LaserPlanner {
public:
    LaserPlanner(const Outlines& outlines, const LaserSettings& settings)
        : outlines_{outlines}, settings_{settings} {}

    Result<CutPlan> run() {
        if (Status status = check(settings_); !status) return fail(status.error());
        auto sheet = sheet_cuts(outlines_, settings_, {settings_.kerf_mm, settings_.lead_in_mm});
        if (!sheet) return fail(sheet.error());
        plan_.path.kind = MachineKind::laser;
        plan_.path.s_full = settings_.s_max;
        plan_.path.assist = settings_.air;
        if (Status status = engrave_areas(); !status) return fail(status.error());
        follow(outlines_.engravings, settings_.engrave, MoveKind::engrave);
        follow(outlines_.scores, settings_.score, MoveKind::score);
        follow(outlines_.slits, settings_.cut, MoveKind::slit);
        cut(*sheet);
        plan_.facts.leftovers = sheet->leftovers;
        if (Status status = finish(plan_, sheet->kept, settings_.kerf_mm / 2, settings_.motion);
            !status) {
            return fail(status.error());
        }
        return std::move(plan_);
    }

private:
    void travel(const Vec2& to) {
        if (to == at_) return;
        plan_.path.moves.push_back({MoveKind::travel, {to.x, to.y, 0}, 0, 0, 0});
        at_ = to;
    }

    void burn(const Span& span, MoveKind kind, const Beam& beam, double power) {
        plan_.path.moves.push_back(
            {kind, {span.to.x, span.to.y, 0}, span.bulge, beam.feed_mm_min, power});
        at_ = span.to;
    }

    void burn(const Track& track, MoveKind kind, const Beam& beam) {
        for (const Span& span : track)
            burn(span, kind, beam, beam.power);
    }

    Status engrave_areas() {
        if (outlines_.engraved.empty()) return {};
        const auto lines = hatch_of(even_odd(outlines_.engraved), settings_.engrave_line_mm);
        if (!lines) return fail(lines.error());
        for (std::uint32_t pass = 0; pass < settings_.engrave.passes; ++pass) {
            for (const HatchLine& line : *lines) {
                travel(line.from);
                burn(Span{line.from, line.to, 0},
                     MoveKind::engrave,
                     settings_.engrave,
                     settings_.engrave.power);
            }
        }
        return {};
    }

    // Lines as they are drawn. Passes over an open line go to and fro.
    void follow(const std::vector<Track>& lines, const Beam& beam, MoveKind kind) {
        const auto stops = stops_of(lines);
        for (const Visit& visit : order_of(stops, {at_, settings_.steps})) {
            const Gate& gate = stops[visit.stop].gates[visit.gate];
            Track line = entered_at(lines[visit.stop], gate);
            travel(line.front().from);
            ++plan_.facts.pierces;
            const bool closed = line.front().from == line.back().to;
            for (std::uint32_t pass = 0; pass < beam.passes; ++pass) {
                burn(line, kind, beam);
                if (!closed) line = reversed(line);
            }
        }
    }

    void cut(const SheetCuts& sheet) {
        const auto stops = stops_of(sheet.cuts);
        for (const Visit& visit : order_of(stops, {at_, settings_.steps})) {
            const ClosedCut& closed = sheet.cuts[visit.stop];
            cut_loop(closed, closed.starts[visit.gate]);
        }
    }

    void cut_loop(const ClosedCut& closed, const CutStart& start) {
        const Beam& beam = settings_.cut;
        travel(start.from);
        ++plan_.facts.pierces;
        if (start.led) {
            burn(Span{start.from, start.at, 0}, MoveKind::lead, beam, beam.power);
        } else if (settings_.lead_in_mm > 0) {
            ++plan_.facts.without_lead;
        }
        const Track round = started_at(closed.track, start.along_mm);
        const auto tabs =
            closed.contour.hole
                ? std::vector<Tab>{}
                : tabs_of(round, settings_.tabs, settings_.tab_mm + settings_.kerf_mm);
        for (std::uint32_t pass = 0; pass < beam.passes; ++pass)
            round_with_tabs(round, tabs);
        // Closed for good: a little further over what is cut already.
        if (tabs.empty()) burn(between(round, 0, settings_.overcut_mm), MoveKind::cut, beam);
    }

    // Along a tab the beam is off.
    void round_with_tabs(const Track& round, const std::vector<Tab>& tabs) {
        double from = 0;
        for (const Tab& tab : tabs) {
            burn(between(round, from, tab.begin_mm), MoveKind::cut, settings_.cut);
            for (const Span& span : between(round, tab.begin_mm, tab.end_mm))
                burn(span, MoveKind::cut, settings_.cut, 0);
            from = tab.end_mm;
        }
        burn(tabs.empty() ? round : between(round, from, length_of(round)),
             MoveKind::cut,
             settings_.cut);
    }

    const Outlines& outlines_;
    const LaserSettings& settings_;
    CutPlan plan_;
    Vec2 at_;
};

}  // namespace

Result<CutPlan> plan_laser(const Outlines& outlines, const LaserSettings& settings) {
    return LaserPlanner{outlines, settings}.run();
}

}  // namespace nearfab::toolpath
