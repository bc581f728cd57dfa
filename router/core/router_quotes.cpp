// SPDX-License-Identifier: GPL-3.0-or-later
// What a designer is told before a job is submitted. Nothing of it is kept.

#include "proto/model/limits.hpp"
#include "router/core/refusals.hpp"
#include "router/core/router.hpp"
#include "router/matching/figures.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::router {
namespace {

// A job has up to 32 parts; the first is told of in full.
constexpr std::size_t rows_of_other_parts = 4;
constexpr std::size_t quote_bytes_max = limits::message_bytes_max - 4096;

void shorten(MatchReport& report) {
    const auto cut = [](auto& rows) {
        if (rows.size() > rows_of_other_parts) rows.resize(rows_of_other_parts);
    };
    cut(report.candidates);
    cut(report.rejections);
    cut(report.alternatives);
}

const Capability* machine_of(const FabView* fab, const MachineId& id) {
    if (fab == nullptr) return nullptr;
    const auto found =
        std::find_if(fab->machines.begin(), fab->machines.end(), [&id](const MachineView& m) {
            return m.capability->machine == id;
        });
    return found == fab->machines.end() ? nullptr : found->capability;
}

}  // namespace

// What is asked for each part whose facts are known; a refusal when one cannot be made at all.
Result<std::vector<PlanWish>> Router::wishes_of(const ClientSaid& from,
                                                const JobSpec& spec,
                                                const message::AskQuote& body) const {
    std::optional<LicenceExpression> licence;
    if (!spec.licence.empty()) {
        auto parsed = LicenceExpression::parse(spec.licence);
        if (!parsed) return fail(parsed.error());
        licence = std::move(*parsed);
    }
    std::vector<PlanWish> wishes;
    for (std::uint32_t i = 0; i <= body.more_facts.size(); ++i) {
        const PartSpec& part = spec.parts[i];
        const PartFacts& facts = i == 0 ? body.facts : body.more_facts[i - 1];
        if (const std::string why = why_impossible(facts, part.process); !why.empty()) {
            return fail(ErrorCode::invalid_file,
                        part.file_name + ": " + why,
                        "change the part there, or ask for another process");
        }
        Question question = question_about(spec, i, facts, from.who);
        question.licence = licence;
        wishes.push_back({i, part.quantity, std::move(question)});
    }
    return wishes;
}

std::vector<FootprintBasis> Router::bases_of(const Question& question,
                                             const MatchReport& report) const {
    std::vector<FootprintOwner> owners;
    for (const Candidate& candidate : report.candidates) {
        const FabView* fab = world_.index().view(candidate.fab);
        if (const Capability* machine = machine_of(fab, candidate.machine)) {
            owners.push_back({candidate.fab, machine});
        }
    }
    return footprint_bases(question, owners);
}

// Whatever fabs wrote into their names and terms, the answer fits into a message.
void Router::keep_within_message(message::Quote& quote) const {
    const auto too_large = [&] { return size_of(quote) > quote_bytes_max; };
    for (auto report = quote.more_reports.rbegin();
         report != quote.more_reports.rend() && too_large();
         ++report) {
        report->rejections.clear();
        report->alternatives.clear();
    }
    if (!quote.plan || !too_large()) return;
    for (PlanPart& part : quote.plan->parts) {
        part.misses.clear();
        part.alternatives.clear();
    }
}

void Router::hear(const ClientSaid& from, const message::AskQuote& body) {
    if (auto fault = fault_of_job(body.spec)) {
        refuse(from, std::move(*fault));
        return;
    }
    const auto looked_at = static_cast<double>(1 + body.more_facts.size());
    if (const auto wait = quotes_.take(from.who, options_.quotes, looked_at, now_.boot)) {
        answer(from, too_fast("quotes", *wait));
        return;
    }
    const JobSpec spec = usually_spelled(body.spec);
    const auto wishes = wishes_of(from, spec, body);
    if (!wishes) {
        refuse(from, wishes.error());
        return;
    }
    std::size_t pieces = 0;
    message::Quote quote;
    for (const PlanWish& wish : *wishes) {
        pieces += wish.pieces;
        MatchReport report = match_now(wish.question);
        if (wish.part == 0) {
            quote.bases = bases_of(wish.question, report);
            quote.report = std::move(report);
        } else {
            shorten(report);
            quote.more_reports.push_back(std::move(report));
        }
    }
    if (pieces > 1 && wishes->size() == body.spec.parts.size()) {
        quote.plan = plan_now(*wishes);
        keep_rows(*quote.plan, limits::page_rows_max);
    }
    keep_within_message(quote);
    answer(from, std::move(quote));
}

}  // namespace nearfab::router
