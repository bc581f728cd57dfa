// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_view.hpp"

#include "cli/verdict_view.hpp"
#include "host/clock.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"
#include "terminal/time_text.hpp"

#include <cmath>
#include <utility>

namespace nearfab::cli {
namespace {

Ink ink_of(JobState state) {
    switch (state) {
        case JobState::ready:
        case JobState::closed:
            return Ink::green;
        case JobState::rejected:
        case JobState::cancelled:
        case JobState::failed:
            return Ink::red;
        case JobState::unknown:
        case JobState::analysing:
        case JobState::matching:
        case JobState::in_production:
            return Ink::yellow;
    }
    return Ink::yellow;
}

bool is_made(WorkOrderState state) {
    return state == WorkOrderState::produced || state == WorkOrderState::inspected ||
           state == WorkOrderState::delivered;
}

std::string percent(double fraction) {
    return fixed(std::floor(fraction * 100), 0) + " %";
}

std::string progress_text(const WorkOrderStatus& order) {
    if (is_made(order.state)) return percent(1);
    if (order.state != WorkOrderState::producing) return "-";
    if (order.remaining_s <= 0) return percent(order.progress);
    return percent(order.progress) + ", " + duration_text(order.remaining_s) + " left";
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

// Of a queued piece: who is to make it by the plan.
std::string planned_text(const std::string& name) {
    return name.empty() ? "-" : "(" + name + ")";
}

std::string work_orders_text(const JobStatus& job) {
    const bool several = job.parts.size() > 1;
    std::vector<Column> columns{{"WORK ORDER"}};
    if (several) columns.push_back({"PART"});
    columns.insert(
        columns.end(),
        {{"STATE"}, {"FAB"}, {"MACHINE"}, {"DISTANCE", Align::right}, {"PHASE"}, {"PROGRESS"}});
    Table table{std::move(columns)};
    for (const WorkOrderStatus& order : job.work_orders) {
        const bool placed = !order.fab.empty();
        const std::string silent = order.disconnected ? " (fab is silent)" : "";
        std::vector<std::string> cells{order.id.text()};
        if (several) cells.push_back(part_of(job, order.part));
        cells.insert(
            cells.end(),
            {to_string(order.state) + silent,
             placed ? order.fab.text() : planned_text(order.planned_fab.text()),
             placed ? or_dash(order.machine.text()) : planned_text(order.planned_machine.text()),
             placed ? distance_text(order.distance_km) : "-",
             or_dash(order.phase),
             progress_text(order)});
        table.add(std::move(cells));
    }
    return table.text();
}

std::string fabs_of(const JobStatus& job) {
    std::string fabs;
    for (const WorkOrderStatus& order : job.work_orders) {
        const std::string& fab = order.fab.text();
        if (fab.empty() || (", " + fabs + ",").find(", " + fab + ",") != std::string::npos)
            continue;
        fabs += (fabs.empty() ? "" : ", ") + fab;
    }
    return or_dash(fabs);
}

}  // namespace

double progress_of(const JobStatus& job) {
    double sum = 0;
    double count = 0;
    for (const WorkOrderStatus& order : job.work_orders) {
        if (order.state == WorkOrderState::cancelled) continue;
        count += 1;
        if (is_made(order.state)) sum += 1;
        if (order.state == WorkOrderState::producing) sum += order.progress;
    }
    return count > 0 ? sum / count : 0;
}

std::string jobs_text(const std::vector<JobStatus>& jobs, WallTime now) {
    Table table{{{"JOB"},
                 {"TITLE"},
                 {"STATE"},
                 {"FAB"},
                 {"PROGRESS", Align::right},
                 {"SUBMITTED"},
                 {"REASON"}}};
    for (const JobStatus& job : jobs) {
        table.add({job.id.text(),
                   job.title,
                   to_string(job.state),
                   fabs_of(job),
                   percent(progress_of(job)),
                   ago_text(job.submitted_at, now),
                   job.reason});
    }
    return table.text();
}

std::string job_text(const JobStatus& job, WallTime now, const Screen& screen) {
    std::vector<std::pair<std::string, std::string>> facts{
        {"job", job.id.text()},
        {"title", job.title},
        {"submitted",
         rfc3339_utc(job.submitted_at) + " by " + job.submitter.text() + ", " +
             ago_text(job.submitted_at, now)},
        {"last change", ago_text(job.changed_at, now)}};
    if (!job.reason.empty()) facts.emplace_back("reason", job.reason);
    if (job.cancel_wanted) facts.emplace_back("cancelling", "yes, asked for");
    std::string text = screen.in(ink_of(job.state), to_string(job.state)) + "\n";
    text += facts_text(facts);
    if (!job.work_orders.empty()) {
        text += "\n" + work_orders_text(job);
        for (const WorkOrderStatus& order : job.work_orders) {
            if (!order.next.empty()) {
                text += "\n" + printable(order.id.text()) + ": " + printable(order.next) + ".\n";
            }
        }
    }
    return text + remarks_text(job.remarks, screen);
}

std::string part_of(const JobStatus& job, std::uint32_t part) {
    if (job.parts.size() < 2 || part >= job.parts.size()) return {};
    return job.parts[part].file_name;
}

std::string event_line(const JobEvent& event, const JobStatus& job) {
    const std::string& order = event.work_order.text();
    const auto dash = order.rfind('-');
    std::string number = order.empty()               ? "job"
                         : dash == std::string::npos ? order
                                                     : "#" + order.substr(dash + 1);
    for (const WorkOrderStatus& of_job : job.work_orders) {
        if (of_job.id != event.work_order) continue;
        const std::string part = part_of(job, of_job.part);
        if (!part.empty()) number += " " + part;
    }
    return rfc3339_utc(event.at) + "  " + printable(number) + "  " + printable(event.text);
}

}  // namespace nearfab::cli
