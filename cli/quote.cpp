// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/match_view.hpp"
#include "cli/plan_view.hpp"
#include "cli/prepared_job.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "cli/verdict_view.hpp"
#include "host/clock.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const QuoteCommand& command, const Desk& desk) {
    auto prepared = prepare_job(command.wishes, desk, SystemClock{}.read().wall);
    if (!prepared) return fail(std::move(prepared.error()));
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const ProcessId process = prepared->job.parts.front().process;
    const message::AskQuote question{.spec = std::move(prepared->job),
                                     .facts = prepared->part.facts};
    const auto quote = ask_for<message::Quote>(*connection, question);
    if (!quote) return fail(quote.error());
    const auto& plan = quote->plan;
    if (desk.screen.json) {
        desk.screen.out << json_of_quote(quote->report, question.facts, process, plan);
    } else {
        desk.screen.out << verdict_text(question.facts, process, desk.screen) << '\n';
        if (plan) desk.screen.out << plan_text(*plan, desk.screen) << '\n';
        desk.screen.out << match_text(quote->report, desk.screen);
    }
    // What nobody can finish by the deadline may be planned nevertheless, for later.
    const bool nobody = plan ? plan->rows.empty() : quote->report.candidates.empty();
    return nobody ? ExitCode::nobody_can : ExitCode::ok;
}

}  // namespace nearfab::cli
