// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/match_view.hpp"

#include "cli/quantity_text.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace nearfab::cli {
namespace {

std::string candidates_text(const MatchReport& report) {
    Table table{{{"RANK", Align::right},
                 {"FAB"},
                 {"MACHINE"},
                 {"DISTANCE", Align::right},
                 {"FINISH IN", Align::right},
                 {"MASS", Align::right},
                 {"PLACED"},
                 {"WHY"}}};
    int rank = 0;
    for (const Candidate& candidate : report.candidates) {
        table.add({std::to_string(++rank),
                   candidate.fab.text(),
                   candidate.machine.text(),
                   distance_text(candidate.distance_km),
                   duration_text(candidate.finish_s),
                   mass_text(candidate.mass_g),
                   placement_text(candidate.placement),
                   candidate.reason});
    }
    return table.text();
}

std::string misses_text(const MatchReport& report) {
    Table table{{{"FAB"},
                 {"MACHINE"},
                 {"DISTANCE", Align::right},
                 {"REQUIREMENT"},
                 {"NEEDED"},
                 {"OFFERED"}}};
    for (const Rejection& rejection : report.rejections) {
        table.add({rejection.fab.text(),
                   rejection.machine.text(),
                   distance_text(rejection.distance_km),
                   to_string(rejection.requirement),
                   rejection.needed,
                   rejection.offered});
    }
    return table.text();
}

}  // namespace

std::string placement_text(const Placement& placement) {
    const bool turned = placement.turn_deg >= 0.05;
    const std::string turn = "turned " + fixed(placement.turn_deg, 1) + " deg";
    if (placement.up_axis == 0) return turned ? turn : "as drawn";
    const std::string up = placement.up_axis == 1 ? "x up" : "y up";
    return turned ? up + ", " + turn : up;
}

std::string match_text(const MatchReport& report, const Screen& screen) {
    const std::string seen = counted(report.machines_seen, "machine", "machines");
    std::string text;
    if (report.candidates.empty()) {
        text += "Nobody can make it now (" + seen + " looked at).\n";
    } else {
        text += screen.in(Ink::bold, "Can make it") + " (" + seen + " looked at)\n";
        text += candidates_text(report);
    }
    if (!report.rejections.empty()) {
        text += "\n" + screen.in(Ink::bold, "Cannot, nearest first") + "\n" + misses_text(report);
    }
    return text;
}

}  // namespace nearfab::cli
