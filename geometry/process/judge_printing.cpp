// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"

#include <algorithm>

namespace nearfab::geometry {
namespace {

void judge_overhangs(const Overhangs& o,
                     const PartFacts& facts,
                     const ProcessLimits& limits,
                     VerdictReasons& out) {
    const OverhangRegion* steepest = nullptr;
    for (const OverhangRegion& r : o.regions) {
        const bool held =
            r.kind == OverhangKind::bridge && r.span_mm <= limits.bridge_mm.value_or(0);
        if (held || r.angle_deg <= *limits.overhang_deg) continue;
        if (steepest == nullptr || r.area_mm2 > steepest->area_mm2) steepest = &r;
    }
    if (steepest != nullptr) {
        out.remark("overhang",
                   steepest->centre,
                   steepest->angle_deg,
                   *limits.overhang_deg,
                   "deg",
                   rounded(steepest->area_mm2) + " mm2 hang at up to " +
                       rounded(steepest->angle_deg) + " degrees from the vertical, beyond " +
                       rounded(*limits.overhang_deg) + ", and need support");
    }
    if (limits.bridge_mm && o.longest_bridge_mm > *limits.bridge_mm) {
        const auto at = std::find_if(o.regions.begin(), o.regions.end(), [&](const auto& r) {
            return r.kind == OverhangKind::bridge && r.span_mm == o.longest_bridge_mm;
        });
        out.remark(
            "long_bridge",
            at == o.regions.end() ? VerdictReasons::Place{} : VerdictReasons::Place{at->centre},
            o.longest_bridge_mm,
            *limits.bridge_mm,
            "mm",
            "a bridge spans " + rounded(o.longest_bridge_mm) + " mm, more than " +
                rounded(*limits.bridge_mm) + " mm");
    }
    const double share = facts.volume_mm3 > 0 ? o.support_volume_mm3 / facts.volume_mm3 : 0;
    if (limits.support_share && share > *limits.support_share) {
        out.remark("much_support",
                   {},
                   share,
                   *limits.support_share,
                   "1",
                   "support fills " + rounded(o.support_volume_mm3 / 1000) + " cm3 beside " +
                       rounded(facts.volume_mm3 / 1000) + " cm3 of part");
    }
}

void judge_footing(const Overhangs& o,
                   const PartFacts& facts,
                   const ProcessLimits& limits,
                   VerdictReasons& out) {
    if (o.starts.in_air > 0) {
        out.remark("islands",
                   o.starts.islands.empty() ? VerdictReasons::Place{}
                                            : VerdictReasons::Place{o.starts.islands.front().place},
                   o.starts.in_air,
                   0,
                   "1",
                   std::to_string(o.starts.in_air) +
                       (o.starts.in_air == 1 ? " place begins in the air and needs support"
                                             : " places begin in the air and need support"));
    }
    if (limits.contact_min_mm2 && o.contact_area_mm2 < *limits.contact_min_mm2) {
        out.remark("little_contact",
                   {},
                   o.contact_area_mm2,
                   *limits.contact_min_mm2,
                   "mm2",
                   "it touches the bed with " + rounded(o.contact_area_mm2) + " mm2, less than " +
                       rounded(*limits.contact_min_mm2) + " mm2: it needs a brim or support");
    }
    if (facts.tip_deg && *facts.tip_deg < 0) {
        out.remark("falls_over",
                   {},
                   *facts.tip_deg,
                   0,
                   "deg",
                   "its centre of mass is not above its contact with the bed");
    }
}

}  // namespace

void judge_printing(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    if (!facts.printing) return;
    // Powder carries what hangs; without an overhang limit none of this matters.
    if (!limits.overhang_deg) return;
    judge_overhangs(*facts.printing, facts, limits, out);
    judge_footing(*facts.printing, facts, limits, out);
}

}  // namespace nearfab::geometry
