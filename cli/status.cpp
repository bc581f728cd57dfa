// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_view.hpp"
#include "cli/json_view.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "host/clock.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

Result<ExitCode> show_all(wire::Connection& connection, const Screen& screen) {
    const auto jobs = ask_all(connection, message::AskJobs{});
    if (!jobs) return fail(jobs.error());
    if (screen.json) {
        screen.out << json_of_jobs(*jobs);
    } else if (jobs->jobs.empty()) {
        screen.out << "You have no jobs.\n";
        screen.remark("Submit one with: nearfab submit FILE --at PLACE --material M");
    } else {
        screen.out << jobs_text(jobs->jobs, SystemClock{}.read().wall);
        if (jobs->more) screen.remark("There are older jobs; ask for one by its id.");
    }
    return ExitCode::ok;
}

}  // namespace

Result<ExitCode> run(const StatusCommand& command, const Desk& desk) {
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    if (command.job.empty()) return show_all(*connection, desk.screen);
    const auto job = find_job(*connection, command.job);
    if (!job) return fail(job.error());
    desk.screen.out << (desk.screen.json ? json_of_job(*job)
                                         : job_text(*job, SystemClock{}.read().wall, desk.screen));
    return ExitCode::ok;
}

}  // namespace nearfab::cli
