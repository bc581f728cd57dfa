// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/figures_view.hpp"
#include "cli/json_view.hpp"
#include "cli/match_view.hpp"
#include "cli/plan_view.hpp"
#include "cli/prepared_job.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"
#include "cli/verdict_view.hpp"
#include "host/clock.hpp"
#include "terminal/quantity_text.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

const PartFacts& facts_of(const message::AskQuote& question, std::size_t part) {
    return part == 0 ? question.facts : question.more_facts[part - 1];
}

// "Part 2: panel.dxf, 1 x plywood_birch by laser_cut".
std::string part_heading(const PartSpec& part, std::size_t number, const Screen& screen) {
    return screen.in(Ink::bold, "Part " + std::to_string(number + 1)) + ": " +
           printable(part.file_name) + ", " + std::to_string(part.quantity) + " x " +
           part.material.text() + " by " + part.process.text() + "\n";
}

// One part: what the process makes of it, then who could make it.
std::string one_part_text(const message::AskQuote& question,
                          const message::Quote& quote,
                          const Screen& screen) {
    std::string text =
        verdict_text(question.facts, question.spec.parts.front().process, screen) + "\n";
    if (quote.plan) text += plan_text(*quote.plan, screen) + "\n";
    text += match_text(quote.report, screen);
    if (quote.report.candidates.empty()) return text;
    const std::string footprint =
        footprint_text(quote.report.candidates.front(), quote.bases, screen);
    return footprint.empty() ? text : text + "\n" + footprint;
}

// Several: first what is made of each, then the plan, then who could make each.
std::string several_parts_text(const message::AskQuote& question,
                               const message::Quote& quote,
                               const Screen& screen) {
    const std::vector<PartSpec>& parts = question.spec.parts;
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        text += part_heading(parts[i], i, screen) +
                verdict_text(facts_of(question, i), parts[i].process, screen) + "\n";
    }
    if (quote.plan) text += plan_text(*quote.plan, screen, files_of(question.spec)) + "\n";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > quote.more_reports.size()) break;  // An older router tells of the first alone.
        const MatchReport& report = i == 0 ? quote.report : quote.more_reports[i - 1];
        text +=
            (i == 0 ? "" : "\n") + part_heading(parts[i], i, screen) + match_text(report, screen);
    }
    return text;
}

// What nobody can finish by the deadline may be planned nevertheless, for later.
bool nobody_can(const message::Quote& quote) {
    return quote.plan ? lacks_a_part(*quote.plan) : quote.report.candidates.empty();
}

}  // namespace

Result<ExitCode> run(const QuoteCommand& command, const Desk& desk) {
    auto prepared = prepare_job(command.wishes, desk, SystemClock{}.read().wall);
    if (!prepared) return fail(std::move(prepared.error()));
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const message::AskQuote question = question_about(*prepared);
    const auto quote = ask_for<message::Quote>(*connection, question);
    if (!quote) return fail(quote.error());
    if (desk.screen.json) {
        desk.screen.out << json_of_quote(question, *quote);
    } else if (question.spec.parts.size() == 1) {
        desk.screen.out << one_part_text(question, *quote, desk.screen);
    } else {
        desk.screen.out << several_parts_text(question, *quote, desk.screen);
    }
    return nobody_can(*quote) ? ExitCode::nobody_can : ExitCode::ok;
}

}  // namespace nearfab::cli
