// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/report.hpp"

#include "cli/report_view.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const ReportCommand& command, const Desk& desk) {
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const auto answer =
        ask_for<message::NetworkReport>(*connection, message::AskReport{command.days});
    if (!answer) return fail(answer.error());
    desk.screen.out << (desk.screen.json ? json::json_of_report(answer->report)
                                         : report_text(answer->report, desk.screen));
    return ExitCode::ok;
}

}  // namespace nearfab::cli
