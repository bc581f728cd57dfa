// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/match_view.hpp"

#include "cli/figures_view.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::cli {
namespace {

// Prices and footprints have columns where somebody tells them.
std::string candidates_text(const MatchReport& report) {
    const auto some = [&](const auto& has) {
        return std::any_of(report.candidates.begin(), report.candidates.end(), has);
    };
    const bool prices = some([](const Candidate& c) { return c.price.has_value(); });
    const bool footprints = some([](const Candidate& c) { return c.footprint.has_value(); });
    std::vector<Column> columns{{"RANK", Align::right},
                                {"FAB"},
                                {"MACHINE"},
                                {"DISTANCE", Align::right},
                                {"FINISH IN", Align::right}};
    if (prices) columns.push_back({"PRICE", Align::right});
    if (footprints) columns.push_back({"CO2E", Align::right});
    columns.insert(columns.end(), {{"MASS", Align::right}, {"PLACED"}, {"WHY"}});
    Table table{std::move(columns)};
    int rank = 0;
    for (const Candidate& candidate : report.candidates) {
        std::vector<std::string> cells{std::to_string(++rank),
                                       candidate.fab.text(),
                                       candidate.machine.text(),
                                       distance_text(candidate.distance_km),
                                       duration_text(candidate.finish_s)};
        if (prices) cells.push_back(price_text(candidate.price));
        if (footprints) cells.push_back(carbon_text(candidate.footprint));
        cells.insert(
            cells.end(),
            {mass_text(candidate.mass_g), placement_text(candidate.placement), candidate.reason});
        table.add(std::move(cells));
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

std::string alternatives_lines(const std::vector<Alternative>& alternatives) {
    std::string text;
    for (const Alternative& alternative : alternatives)
        text += "  " + printable(alternative.text) + "\n";
    return text;
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
        if (!report.alternatives.empty()) {
            text += "\n" + screen.in(Ink::bold, "It could be made") + "\n" +
                    alternatives_lines(report.alternatives);
        }
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
