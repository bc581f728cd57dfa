// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/quantity_text.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "proto/model/text.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const CancelCommand& command, const Desk& desk) {
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const auto job = find_job(*connection, command.job);
    if (!job) return fail(job.error());
    const auto answer = ask_for<message::CancelAnswer>(
        *connection, message::CancelJob{.job = job->id, .reason = clean_text(command.reason)});
    if (!answer) return fail(answer.error());
    desk.screen.out << (desk.screen.json ? json_of_cancel(*answer)
                                         : job->id.text() + ": " + printable(answer->text) + "\n");
    return ExitCode::ok;
}

}  // namespace nearfab::cli
