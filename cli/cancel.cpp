// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "proto/model/text.hpp"
#include "terminal/quantity_text.hpp"

#include <cstddef>
#include <ostream>
#include <string>
#include <utility>

namespace nearfab::cli {
namespace {

// There is no way back, so a slip of the finger must not be enough.
constexpr std::size_t typed_min = 6;

Status meant(const std::string& typed, const JobId& job) {
    if (typed.size() >= typed_min || typed == job.text()) return {};
    return fail(ErrorCode::invalid_argument,
                in_quotes(typed) + " is too short to cancel a job by: it has " +
                    counted(typed.size(), "character", "characters") + ", at least " +
                    std::to_string(typed_min) + " are needed",
                "if you mean it, run: nearfab cancel " + job.text());
}

}  // namespace

Result<ExitCode> run(const CancelCommand& command, const Desk& desk) {
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const auto job = find_job(*connection, command.job);
    if (!job) return fail(job.error());
    if (auto sure = meant(command.job, job->id); !sure) return fail(std::move(sure.error()));
    const auto answer = ask_for<message::CancelAnswer>(
        *connection, message::CancelJob{.job = job->id, .reason = clean_text(command.reason)});
    if (!answer) return fail(answer.error());
    desk.screen.out << (desk.screen.json ? json_of_cancel(*answer)
                                         : job->id.text() + ": " + printable(answer->text) + "\n");
    return ExitCode::ok;
}

}  // namespace nearfab::cli
