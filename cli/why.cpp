// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_view.hpp"
#include "cli/json_view.hpp"
#include "cli/match_view.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "cli/verdict_view.hpp"
#include "host/clock.hpp"
#include "terminal/quantity_text.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

// What fabs that had it said, each in its own words.
std::string words_text(const std::vector<message::FabWord>& words, const Screen& screen) {
    if (words.empty()) return {};
    std::string text = "\n" + screen.in(Ink::bold, "What fabs said about it") + "\n";
    for (const message::FabWord& word : words)
        text += "  " + printable(word.fab.text()) + ": " + printable(word.text) + "\n";
    return text;
}

std::string reason_text(const message::WorkOrderReason& reason,
                        const JobStatus& job,
                        const Screen& screen) {
    std::string fab = reason.chosen.empty() ? "nobody yet" : reason.chosen.text();
    if (!reason.planned.empty()) fab += ", planned for " + reason.planned.text();
    std::string part = part_of(job, reason.part);
    if (!part.empty()) part = " (" + printable(part) + ")";
    return "work order " + reason.work_order.text() + part + ": " + printable(fab) +
           ", decided at " + rfc3339_utc(reason.at) + "\n" + match_text(reason.report, screen) +
           words_text(reason.words, screen);
}

}  // namespace

Result<ExitCode> run(const WhyCommand& command, const Desk& desk) {
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const auto job = find_job(*connection, command.job);
    if (!job) return fail(job.error());
    const auto why = ask_all(*connection, message::AskWhy{.job = job->id});
    if (!why) return fail(why.error());
    if (desk.screen.json) {
        desk.screen.out << json_of_why(*why, job->remarks);
        return ExitCode::ok;
    }
    if (why->work_orders.empty()) {
        desk.screen.out << "Nothing is decided yet: the job is " << to_string(job->state)
                        << (job->reason.empty() ? "" : ", " + printable(job->reason)) << ".\n";
    }
    bool first = true;
    for (const message::WorkOrderReason& reason : why->work_orders) {
        desk.screen.out << (first ? "" : "\n") << reason_text(reason, *job, desk.screen);
        first = false;
    }
    desk.screen.out << remarks_text(job->remarks, desk.screen);
    return ExitCode::ok;
}

}  // namespace nearfab::cli
