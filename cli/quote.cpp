// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/match_view.hpp"
#include "cli/prepared_job.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "host/clock.hpp"
#include "intake/part_facts.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const QuoteCommand& command, const Desk& desk) {
    auto prepared = prepare_job(command.wishes, desk, SystemClock{}.read().wall);
    if (!prepared) return fail(std::move(prepared.error()));
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const message::AskQuote question{.spec = std::move(prepared->job),
                                     .facts = intake::facts_of(prepared->part.report)};
    const auto quote = ask_for<message::Quote>(*connection, question);
    if (!quote) return fail(quote.error());
    desk.screen.out << (desk.screen.json ? json_of_quote(quote->report)
                                         : match_text(quote->report, desk.screen));
    return quote->report.candidates.empty() ? ExitCode::nobody_can : ExitCode::ok;
}

}  // namespace nearfab::cli
