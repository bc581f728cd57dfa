// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/plan_view.hpp"

#include "cli/quantity_text.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

#include <istream>
#include <ostream>

namespace nearfab::cli {
namespace {

std::string rows_text(const JobPlan& plan) {
    Table table{{{"PART", Align::right},
                 {"FAB"},
                 {"MACHINE"},
                 {"PIECES", Align::right},
                 {"LATE", Align::right},
                 {"DISTANCE", Align::right},
                 {"FIRST IN", Align::right},
                 {"LAST IN", Align::right},
                 {"CO2E", Align::right}}};
    for (const PlanRow& row : plan.rows) {
        table.add({std::to_string(row.part + 1),
                   row.fab.text(),
                   row.machine.text(),
                   std::to_string(row.pieces),
                   row.late > 0 ? std::to_string(row.late) : "-",
                   distance_text(row.distance_km),
                   duration_text(row.first_s),
                   duration_text(row.last_s),
                   row.carbon_g ? mass_text(*row.carbon_g) : "-"});
    }
    return table.text();
}

}  // namespace

std::string plan_text(const JobPlan& plan, const Screen& screen) {
    std::string text = screen.in(Ink::bold, "Plan") + ": " + summary_of(plan) + ".\n";
    if (!plan.rows.empty()) text += rows_text(plan);
    if (plan.rows_left_out > 0) {
        text += "... and " + counted(plan.pieces_left_out, "piece", "pieces") + " on " +
                counted(plan.rows_left_out, "other machine", "other machines") + "\n";
    }
    for (const PlanPart& part : plan.parts) {
        if (part.unplaced == 0) continue;
        text += "Part " + std::to_string(part.part + 1) + ": " +
                counted(part.unplaced, "piece", "pieces") + " nowhere: " + printable(part.reason) +
                ".\n";
    }
    return text;
}

bool needs_consent(const JobPlan& plan) {
    return plan.fabs > 1 || late_of(plan) > 0 || unplaced_of(plan) > 0;
}

bool ask_consent(std::istream& in, std::ostream& err) {
    err << "Have it made like this? [y/N] " << std::flush;
    std::string answer;
    return std::getline(in, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

}  // namespace nearfab::cli
