// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/verdict.hpp"

#include "geometry/number_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace nearfab::geometry {
namespace {

// Numbers in sentences: a hundredth of a millimetre is enough for people.
std::string rounded(double value) {
    const double digits = std::abs(value) < 10 ? 100 : 10;
    return number_text(std::round(value * digits) / digits);
}

constexpr std::string_view wall_words = "the thinnest wall";
constexpr std::string_view gap_words = "the narrowest gap";
constexpr std::string_view hole_words = "the smallest hole";
constexpr std::string_view strip_words = "the narrowest strip left standing";

// Less than a hundredth is below `limit`, though the narrowest place is.
bool is_sliver(const std::optional<PlacedLength>& narrowest,
               const std::optional<double>& hundredth_mm,
               const std::optional<double>& limit) {
    return narrowest && limit && hundredth_mm && narrowest->mm < *limit && *hundredth_mm >= *limit;
}

// The limit from which on more than a sliver is below it.
std::optional<PlacedLength> without_sliver(std::optional<PlacedLength> narrowest,
                                           const std::optional<double>& hundredth_mm) {
    if (narrowest && hundredth_mm) narrowest->mm = std::max(narrowest->mm, *hundredth_mm);
    return narrowest;
}

class Judge {
public:
    Judge(const PartFacts& facts, const ProcessLimits& limits) : facts_(facts), limits_(limits) {
        out_.process = limits.process;
    }

    Verdict run() {
        const std::optional<ProcessFamily> family = family_of(limits_.process);
        if (family == ProcessFamily::sheet_cutting) {
            judge_sheet();
        } else if (facts_.is_solid_file) {
            judge_solid();
            judge_printing();
            judge_milling();
        } else if (family == ProcessFamily::milling && facts_.sheet) {
            judge_drawing();
        } else {
            block("nothing_to_judge",
                  {},
                  0,
                  0,
                  "",
                  "a drawing has no height, so there is no solid to make");
        }
        std::stable_sort(out_.reasons.begin(),
                         out_.reasons.end(),
                         [](const auto& l, const auto& r) { return l.blocking && !r.blocking; });
        if (!out_.reasons.empty()) {
            out_.feasibility = out_.reasons.front().blocking ? Feasibility::not_feasible
                                                             : Feasibility::with_remarks;
        }
        return std::move(out_);
    }

private:
    using Place = std::optional<Vec3>;

    void add(bool blocking,
             std::string_view rule,
             const Place& place,
             double measured,
             double limit,
             std::string_view unit,
             std::string words) {
        out_.reasons.push_back({std::string{rule},
                                blocking,
                                place,
                                measured,
                                limit,
                                std::string{unit},
                                std::move(words)});
    }
    void block(std::string_view rule,
               const Place& place,
               double measured,
               double limit,
               std::string_view unit,
               std::string words) {
        add(true, rule, place, measured, limit, unit, std::move(words));
    }
    void remark(std::string_view rule,
                const Place& place,
                double measured,
                double limit,
                std::string_view unit,
                std::string words) {
        add(false, rule, place, measured, limit, unit, std::move(words));
    }

    // A length that must not be below one limit and should not be below another.
    void at_least(const std::optional<PlacedLength>& found,
                  const std::optional<double>& must,
                  const std::optional<double>& should,
                  std::string_view bad_rule,
                  std::string_view poor_rule,
                  const std::string& what) {
        if (!found) return;
        if (must && found->mm < *must) {
            block(bad_rule, found->place, found->mm, *must, "mm", below(what, found->mm, *must));
        } else if (should && found->mm < *should) {
            remark(
                poor_rule, found->place, found->mm, *should, "mm", below(what, found->mm, *should));
        }
    }
    static std::string below(const std::string& what, double measured, double limit) {
        return what + " is " + rounded(measured) + " mm, below " + rounded(limit) + " mm";
    }

    void judge_solid() {
        if (!facts_.closed_and_oriented) {
            block("not_solid", {}, 0, 0, "", "the surface is not a closed, outward oriented solid");
        }
        judge_widths(facts_.thinnest_wall,
                     facts_.hundredth_wall_mm,
                     limits_.wall_min_mm,
                     limits_.wall_good_mm,
                     {"wall_too_thin", "wall_thin"},
                     wall_words,
                     "a sliver of less than a hundredth of the surface");
        judge_widths(facts_.narrowest_gap,
                     facts_.hundredth_gap_mm,
                     limits_.gap_min_mm,
                     limits_.gap_good_mm,
                     {"gap_too_narrow", "gap_narrow"},
                     gap_words,
                     "a gap along less than a hundredth of all gaps");
        at_least(facts_.smallest_hole,
                 std::nullopt,
                 limits_.hole_min_mm,
                 "hole_small",
                 "hole_small",
                 std::string{hole_words});
    }

    struct TwoRules {
        std::string_view bad;
        std::string_view poor;
    };

    // A sliver is no reason to refuse the part; it is remarked.
    void judge_widths(const std::optional<PlacedLength>& narrowest,
                      const std::optional<double>& hundredth_mm,
                      const std::optional<double>& must,
                      const std::optional<double>& should,
                      const TwoRules& rules,
                      std::string_view what,
                      std::string_view sliver_what) {
        const bool sliver = is_sliver(narrowest, hundredth_mm, must);
        at_least(narrowest,
                 sliver ? std::nullopt : must,
                 sliver ? must : should,
                 rules.bad,
                 rules.poor,
                 std::string{sliver ? sliver_what : what});
    }

    void judge_printing() {
        if (!facts_.printing || family_of(limits_.process) != ProcessFamily::printing) return;
        // Powder carries what hangs; without an overhang limit none of this matters.
        if (!limits_.overhang_deg) return;
        judge_overhangs(*facts_.printing);
        judge_footing(*facts_.printing);
    }

    void judge_overhangs(const Overhangs& o) {
        const OverhangRegion* steepest = nullptr;
        for (const OverhangRegion& r : o.regions) {
            const bool held =
                r.kind == OverhangKind::bridge && r.span_mm <= limits_.bridge_mm.value_or(0);
            if (held || r.angle_deg <= *limits_.overhang_deg) continue;
            if (steepest == nullptr || r.area_mm2 > steepest->area_mm2) steepest = &r;
        }
        if (steepest != nullptr) {
            remark("overhang",
                   steepest->centre,
                   steepest->angle_deg,
                   *limits_.overhang_deg,
                   "deg",
                   rounded(steepest->area_mm2) + " mm2 hang at up to " +
                       rounded(steepest->angle_deg) + " degrees from the vertical, beyond " +
                       rounded(*limits_.overhang_deg) + ", and need support");
        }
        if (limits_.bridge_mm && o.longest_bridge_mm > *limits_.bridge_mm) {
            const auto at = std::find_if(o.regions.begin(), o.regions.end(), [&](const auto& r) {
                return r.kind == OverhangKind::bridge && r.span_mm == o.longest_bridge_mm;
            });
            remark("long_bridge",
                   at == o.regions.end() ? Place{} : Place{at->centre},
                   o.longest_bridge_mm,
                   *limits_.bridge_mm,
                   "mm",
                   "a bridge spans " + rounded(o.longest_bridge_mm) + " mm, more than " +
                       rounded(*limits_.bridge_mm) + " mm");
        }
        const double share = facts_.volume_mm3 > 0 ? o.support_volume_mm3 / facts_.volume_mm3 : 0;
        if (limits_.support_share && share > *limits_.support_share) {
            remark("much_support",
                   {},
                   share,
                   *limits_.support_share,
                   "1",
                   "support fills " + rounded(o.support_volume_mm3 / 1000) + " cm3 beside " +
                       rounded(facts_.volume_mm3 / 1000) + " cm3 of part");
        }
    }

    void judge_footing(const Overhangs& o) {
        if (o.starts.in_air > 0) {
            remark("islands",
                   o.starts.islands.empty() ? Place{} : Place{o.starts.islands.front().place},
                   o.starts.in_air,
                   0,
                   "1",
                   std::to_string(o.starts.in_air) + " places begin in the air and need support");
        }
        if (limits_.contact_min_mm2 && o.contact_area_mm2 < *limits_.contact_min_mm2) {
            remark("little_contact",
                   {},
                   o.contact_area_mm2,
                   *limits_.contact_min_mm2,
                   "mm2",
                   "it touches the bed with " + rounded(o.contact_area_mm2) + " mm2, less than " +
                       rounded(*limits_.contact_min_mm2) + " mm2: it needs a brim or support");
        }
        if (facts_.tip_deg && *facts_.tip_deg < 0) {
            remark("falls_over",
                   {},
                   *facts_.tip_deg,
                   0,
                   "deg",
                   "its centre of mass is not above its contact with the bed");
        }
    }

    void judge_milling() {
        if (!facts_.milling || family_of(limits_.process) != ProcessFamily::milling) return;
        const MillingFacts& m = *facts_.milling;
        const double share = m.area_mm2 > 0 ? m.undercut_area_mm2 / m.area_mm2 : 0;
        if (share > limits_.undercut_share.value_or(0)) {
            block("undercut",
                  m.undercuts.empty() ? Place{} : Place{m.undercuts.front().centre},
                  share,
                  limits_.undercut_share.value_or(0),
                  "1",
                  "no straight cutter reaches " + rounded(m.undercut_area_mm2) + " mm2, " +
                      rounded(100 * share) + " % of the surface");
        }
        judge_setups(m);
        judge_pockets(m);
        judge_corner(m);
    }

    void judge_setups(const MillingFacts& m) {
        const auto setups = static_cast<double>(m.setups.size());
        const std::string count = std::to_string(m.setups.size()) + " setups";
        if (limits_.setups_max && setups > *limits_.setups_max) {
            block("too_many_setups",
                  {},
                  setups,
                  *limits_.setups_max,
                  "1",
                  "it takes " + count + ", more than " + rounded(*limits_.setups_max));
        } else if (limits_.setups_good && setups > *limits_.setups_good) {
            remark("several_setups",
                   {},
                   setups,
                   *limits_.setups_good,
                   "1",
                   "it takes " + count + ": each is clamped and zeroed by hand");
        }
    }

    void judge_pockets(const MillingFacts& m) {
        if (m.slimmest) {
            const Pocket& p = *m.slimmest;
            const std::string words = "a pocket or hole is " + rounded(p.depth_mm) +
                                      " mm deep and " + rounded(p.width_mm) + " mm wide, " +
                                      rounded(p.ratio()) + " times its width";
            if (limits_.tool_ratio_max && p.ratio() > *limits_.tool_ratio_max) {
                block("pocket_too_deep",
                      p.place,
                      p.ratio(),
                      *limits_.tool_ratio_max,
                      "1",
                      words + ", beyond " + rounded(*limits_.tool_ratio_max));
            } else if (limits_.tool_ratio_good && p.ratio() > *limits_.tool_ratio_good) {
                remark("pocket_deep",
                       p.place,
                       p.ratio(),
                       *limits_.tool_ratio_good,
                       "1",
                       words + ", beyond " + rounded(*limits_.tool_ratio_good));
            }
            if (limits_.gap_min_mm && p.width_mm < *limits_.gap_min_mm) {
                block("gap_too_narrow",
                      p.place,
                      p.width_mm,
                      *limits_.gap_min_mm,
                      "mm",
                      below("a pocket's width", p.width_mm, *limits_.gap_min_mm));
            }
        }
        // A wide pocket takes a thicker and longer tool than the usual one.
        const double usual = limits_.tool_diameter_mm.value_or(0);
        const double reach = limits_.tool_length_mm.value_or(0);
        if (m.deepest && reach > 0 && m.deepest->depth_mm > reach &&
            m.deepest->width_mm < 2 * usual) {
            remark("tool_too_short",
                   m.deepest->place,
                   m.deepest->depth_mm,
                   reach,
                   "mm",
                   "the deepest pocket is " + rounded(m.deepest->depth_mm) +
                       " mm, and the usual tool cuts " + rounded(reach) + " mm");
        }
    }

    void judge_corner(const MillingFacts& m) {
        if (!m.tightest) return;
        const InnerCorner& c = *m.tightest;
        const double must = limits_.inner_radius_min_mm.value_or(0);
        const double should = limits_.inner_radius_good_mm.value_or(0);
        if (c.radius_mm == 0) {
            sharp_corner(c.place);
        } else if (c.radius_mm < must) {
            block("corner_too_tight",
                  c.place,
                  c.radius_mm,
                  must,
                  "mm",
                  below("the tightest inner radius", c.radius_mm, must));
        } else if (c.radius_mm < should) {
            remark("corner_tight",
                   c.place,
                   c.radius_mm,
                   should,
                   "mm",
                   below("the tightest inner radius", c.radius_mm, should));
        }
    }

    void judge_sheet() {
        if (!facts_.sheet) {
            block("not_flat", {}, 0, 0, "", "the part is not a flat plate of one thickness");
            return;
        }
        judge_drawing();
        const SheetFacts& s = *facts_.sheet;
        const double thickness = s.thickness_mm.value_or(0);
        if (limits_.sheet_max_mm && thickness > *limits_.sheet_max_mm) {
            block("sheet_too_thick",
                  {},
                  thickness,
                  *limits_.sheet_max_mm,
                  "mm",
                  "the plate is " + rounded(thickness) + " mm thick, more than " +
                      rounded(*limits_.sheet_max_mm) + " mm");
        }
        std::optional<double> feature;
        if (limits_.feature_per_thickness && thickness > 0) {
            feature = *limits_.feature_per_thickness * thickness;
        }
        at_least(s.smallest_feature,
                 limits_.kerf_mm,
                 larger(limits_.feature_min_mm, feature),
                 "feature_too_small",
                 "wall_thin",
                 std::string{strip_words});
        at_least(s.smallest_gap,
                 std::nullopt,
                 limits_.gap_min_mm,
                 "slit_narrow",
                 "slit_narrow",
                 "the narrowest distance between cuts");
        std::optional<double> hole;
        if (limits_.hole_per_thickness && thickness > 0)
            hole = *limits_.hole_per_thickness * thickness;
        at_least(s.smallest_hole,
                 limits_.kerf_mm,
                 hole,
                 "feature_too_small",
                 "hole_small",
                 std::string{hole_words});
    }

    static std::optional<double> larger(const std::optional<double>& a,
                                        const std::optional<double>& b) {
        if (a && b) return std::max(*a, *b);
        return a ? a : b;
    }

    void judge_drawing() {
        const SheetFacts& s = *facts_.sheet;
        if (!s.closed) {
            block("outline_open",
                  {},
                  s.open_ends,
                  0,
                  "1",
                  std::to_string(s.open_ends) + " ends of lines meet no other line");
        }
        if (family_of(limits_.process) != ProcessFamily::milling) return;
        at_least(s.smallest_gap,
                 limits_.gap_min_mm,
                 std::nullopt,
                 "gap_too_narrow",
                 "gap_narrow",
                 "the narrowest slot");
        at_least(s.smallest_inner_radius,
                 limits_.inner_radius_min_mm,
                 limits_.inner_radius_good_mm,
                 "corner_too_tight",
                 "corner_tight",
                 "the tightest inner radius");
        if (s.sharp_inner_corners > 0) sharp_corner(s.sharp_inner_corner);
    }

    void sharp_corner(const Place& place) {
        const double radius = limits_.inner_radius_min_mm.value_or(0);
        if (!(radius > 0)) return;
        remark("sharp_corner",
               place,
               0,
               radius,
               "mm",
               "an inner corner is sharp: it keeps a radius of at least " + rounded(radius) +
                   " mm, or is relieved with a dog-bone");
    }

    const PartFacts& facts_;
    const ProcessLimits& limits_;
    Verdict out_;
};

}  // namespace

std::string_view to_string(Feasibility feasibility) {
    switch (feasibility) {
        case Feasibility::feasible:
            return "feasible";
        case Feasibility::with_remarks:
            return "with_remarks";
        case Feasibility::not_feasible:
            return "not_feasible";
    }
    return "not_feasible";
}

std::optional<ProcessFamily> family_of(std::string_view process) {
    constexpr std::array<std::pair<std::string_view, ProcessFamily>, 12> families{{
        {"fdm", ProcessFamily::printing},
        {"sla", ProcessFamily::printing},
        {"sls", ProcessFamily::printing},
        {"pbf_metal", ProcessFamily::printing},
        {"binder_jet", ProcessFamily::printing},
        {"material_jet", ProcessFamily::printing},
        {"cnc_mill", ProcessFamily::milling},
        {"laser_cut", ProcessFamily::sheet_cutting},
        {"laser_engrave", ProcessFamily::sheet_cutting},
        {"plasma_cut", ProcessFamily::sheet_cutting},
        {"waterjet", ProcessFamily::sheet_cutting},
        {"vinyl_cut", ProcessFamily::sheet_cutting},
    }};
    const auto found = std::find_if(
        families.begin(), families.end(), [&](const auto& f) { return f.first == process; });
    if (found == families.end()) return std::nullopt;
    return found->second;
}

bool depends_on_machine(std::string_view rule, std::string_view process) {
    // A mill's machine states the size of its cutter, which says nothing of walls.
    if (rule == "wall_too_thin") return family_of(process) != ProcessFamily::milling;
    return rule == "gap_too_narrow" || rule == "feature_too_small" || rule == "corner_too_tight" ||
           rule == "sheet_too_thick";
}

std::optional<DecidingLength> finest_needed(const PartFacts& facts, std::string_view process) {
    const std::optional<ProcessFamily> family = family_of(process);
    if (!family) return std::nullopt;
    std::optional<DecidingLength> finest;
    const auto take = [&](std::string_view what, const std::optional<PlacedLength>& length) {
        if (length && (!finest || length->mm < finest->length.mm)) finest = {what, *length};
    };
    const auto& sheet = facts.sheet;
    if (*family == ProcessFamily::sheet_cutting) {
        if (!sheet) return std::nullopt;
        take(strip_words, sheet->smallest_feature);
        take(hole_words, sheet->smallest_hole);
        return finest;
    }
    if (!facts.is_solid_file) {
        if (sheet) take("the narrowest slot", sheet->smallest_gap);
        return finest;
    }
    if (*family == ProcessFamily::printing) {
        take(wall_words, without_sliver(facts.thinnest_wall, facts.hundredth_wall_mm));
    }
    take(hole_words, facts.smallest_hole);
    take(gap_words, without_sliver(facts.narrowest_gap, facts.hundredth_gap_mm));
    return finest;
}

Verdict verdict_on(const PartFacts& facts, const ProcessLimits& limits) {
    return Judge(facts, limits).run();
}

std::vector<Verdict> verdicts_on(const PartFacts& facts, const std::vector<ProcessLimits>& table) {
    std::vector<Verdict> out;
    for (const ProcessLimits& limits : table)
        out.push_back(verdict_on(facts, limits));
    return out;
}

}  // namespace nearfab::geometry
