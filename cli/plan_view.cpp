// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/plan_view.hpp"

#include "cli/figures_view.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <istream>
#include <ostream>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

std::string part_name(std::uint32_t part, std::span<const std::string> files) {
    const std::string number = std::to_string(part + 1);
    return files.size() > 1 && part < files.size() ? number + " " + files[part] : number;
}

std::string rows_text(const JobPlan& plan, std::span<const std::string> files) {
    const bool named = files.size() > 1;
    std::vector<Column> columns{{"PART", named ? Align::left : Align::right},
                                {"FAB"},
                                {"MACHINE"},
                                {"PIECES", Align::right},
                                {"LATE", Align::right},
                                {"DISTANCE", Align::right},
                                {"FIRST IN", Align::right},
                                {"LAST IN", Align::right}};
    const bool prices = !plan.prices.empty();
    if (prices) columns.push_back({"PRICE", Align::right});
    columns.push_back({"CO2E", Align::right});
    Table table{std::move(columns)};
    for (const PlanRow& row : plan.rows) {
        std::vector<std::string> cells{part_name(row.part, files),
                                       row.fab.text(),
                                       row.machine.text(),
                                       std::to_string(row.pieces),
                                       row.late > 0 ? std::to_string(row.late) : "-",
                                       distance_text(row.distance_km),
                                       duration_text(row.first_s),
                                       duration_text(row.last_s)};
        if (prices) cells.push_back(price_text(row.price));
        cells.push_back(carbon_text(row.footprint));
        table.add(std::move(cells));
    }
    return table.text();
}

std::string nowhere_text(const PlanPart& part, std::span<const std::string> files) {
    std::string text = "Part " + printable(part_name(part.part, files)) + ": " +
                       counted(part.unplaced, "piece", "pieces") +
                       " nowhere: " + printable(part.reason) + ".\n";
    for (const Alternative& alternative : part.alternatives)
        text += "  it could be made " + printable(alternative.text) + "\n";
    return text;
}

}  // namespace

std::string plan_text(const JobPlan& plan,
                      const Screen& screen,
                      std::span<const std::string> files) {
    std::string text = screen.in(Ink::bold, "Plan") + ": " + summary_of(plan) + ".\n";
    if (!plan.rows.empty()) text += rows_text(plan, files);
    if (plan.rows_left_out > 0) {
        text += "... and " + counted(plan.pieces_left_out, "piece", "pieces") + " on " +
                counted(plan.rows_left_out, "other machine", "other machines") + "\n";
    }
    text += totals_text(plan);
    for (const PlanPart& part : plan.parts) {
        if (part.unplaced > 0) text += nowhere_text(part, files);
    }
    return text;
}

bool lacks_a_part(const JobPlan& plan) {
    return std::any_of(plan.parts.begin(), plan.parts.end(), [](const PlanPart& part) {
        return part.unplaced == part.pieces;
    });
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
