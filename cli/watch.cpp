// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/follow_job.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"

#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const WatchCommand& command, const Desk& desk) {
    if (const auto timeout = follow_timeout(command.follow); !timeout) {
        return fail(timeout.error());
    }
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const auto job = find_job(*connection, command.job);
    if (!job) return fail(job.error());
    return follow_job(*connection, job->id, command.follow, desk.screen);
}

}  // namespace nearfab::cli
