// SPDX-License-Identifier: GPL-3.0-or-later
// What a report of the whole network has that only the router knows: what waits, and which of the
// work somebody else could make now.

#include "proto/model/licence.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/place.hpp"
#include "router/core/refusals.hpp"
#include "router/core/router.hpp"
#include "router/matching/matcher.hpp"
#include "router/report/network_report.hpp"
#include "router/report/without_fab.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::uint32_t days_by_default = 30;
// A report is one step of the router's loop, so it asks again for so many parts and unpacks so much
// of what is over: a few milliseconds.
constexpr std::size_t asked_parts_max = 64;
constexpr std::size_t unpacked_bytes_max = std::size_t{1} << 20U;

// Of jobs that are over, so much may be unpacked; the first one always.
class UnpackingBudget {
public:
    bool allows(const JobId& job, const ClosedJobs& closed) {
        const auto packed = closed.find(job.text());
        if (!packed || !unpacked_.insert(job).second) return true;
        bytes_ += packed->packed.size();
        return bytes_ <= unpacked_bytes_max || unpacked_.size() == 1;
    }

private:
    std::set<JobId> unpacked_;
    std::size_t bytes_ = 0;
};

// Old work may have been accepted by a version that knew other materials and licences.
bool can_be_asked(const Ledger& ledger, const Job& job, std::uint32_t part) {
    const PartSpec& spec = job.spec.parts[part];
    const Design* design = ledger.design(spec.reading());
    return design != nullptr && design->facts && find_material(spec.material.text()) &&
           LicenceExpression::parse(job.spec.licence);
}

}  // namespace

// How far from its use the nearest other fab is that could make it now.
std::optional<double> Router::distance_without(Question question,
                                               const FabId& gone,
                                               WaitsFor& lacks) {
    question.history.refusals[gone] = "it is thought away";
    const IndexFinder finder{world_.index(), question};
    const std::vector<Found> nearest = finder.nearest(1);
    if (!nearest.empty()) {
        return distance_km(question.place_of_use, nearest.front().fab->advertisement->place);
    }
    lacks = lacking_without(match(question, finder, options_.matching), gone);
    return std::nullopt;
}

// The question that this job asked, with as much time as there was when it was submitted.
Question Router::question_again(const Job& job, std::uint32_t part) const {
    Question question = question_of(job, part);
    if (job.spec.deadline) {
        const auto time =
            std::chrono::duration_cast<std::chrono::seconds>(*job.spec.deadline - job.submitted_at);
        question.deadline_s = std::clamp<std::int64_t>(time.count(), 1, limits::span_s_max);
    }
    return question;
}

// Its sampled pieces are asked for again, lowest draw first, each part once, until the budget is
// used up; so what was asked is as even a sample as the whole.
void Router::ask_without(WithoutFab& without, const WorkLog::Period& period) {
    AskedAgain asked;
    std::map<std::pair<JobId, std::uint32_t>, std::size_t> numbers;
    UnpackingBudget budget;
    for (const SampledPiece& piece : period.sample) {
        if (piece.fab != without.fab) continue;
        if (!budget.allows(job_of(piece.work_order), ledger_.closed_jobs())) break;
        const WorkOrder& order = *ledger_.work_order(piece.work_order);
        const Job& job = *ledger_.job(order.job);
        auto number = numbers.find({job.id, order.part});
        if (number == numbers.end()) {
            if (numbers.size() == asked_parts_max) break;
            if (!can_be_asked(ledger_, job, order.part)) continue;
            const PartSpec& spec = job.spec.parts[order.part];
            WaitsFor lacks = WaitsFor::unknown;
            const auto elsewhere =
                distance_without(question_again(job, order.part), without.fab, lacks);
            const PartFacts& facts = *ledger_.design(spec.reading())->facts;
            const std::size_t added = asked.add_part(spec, facts, elsewhere, lacks);
            number = numbers.emplace(std::pair{job.id, order.part}, added).first;
        }
        const Candidate& chosen = order.chosen;
        const bool known = chosen.making_s > 0 || chosen.distance_km > 0;
        asked.add_piece(number->second, known ? std::optional{chosen.distance_km} : std::nullopt);
    }
    asked.tell(without);
}

WaitingReport Router::waiting_report() const {
    WaitingReport report;
    report.analysing = ledger_.jobs_in(JobState::analysing);
    report.matching = ledger_.jobs_in(JobState::matching);
    report.in_production = ledger_.jobs_in(JobState::in_production);
    report.ready = ledger_.jobs_in(JobState::ready);
    const WaitingTally& tally = ledger_.waiting_tally();
    report.jobs = tally.all().jobs;
    report.pieces = tally.all().pieces;
    // One look at each designer's line.
    for (const auto& [who, line] : ledger_.waiting()) {
        const Duration waited = steady() - line.begin()->first;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(waited).count();
        report.longest_s = std::max<std::int64_t>(report.longest_s.value_or(0), seconds);
    }
    for (std::size_t i = 0; i < waits_for_count; ++i) {
        const auto what = static_cast<WaitsFor>(i);
        const WaitingTally::Count& count = tally.of(what);
        if (count.pieces > 0) report.reasons.push_back({what, count.jobs, count.pieces});
    }
    std::stable_sort(report.reasons.begin(),
                     report.reasons.end(),
                     [](const WaitReason& a, const WaitReason& b) { return a.pieces > b.pieces; });
    return report;
}

void Router::hear(const ClientSaid& from, const message::AskReport& body) {
    if (const auto wait = reports_.take(from.who, options_.reports, 1, now_.boot)) {
        answer(from, too_fast("reports", *wait));
        return;
    }
    refresh_world();
    const std::uint32_t days = body.days == 0 ? days_by_default : body.days;
    const DayNumber today = day_of(steady());
    const DayNumber first = today - DayNumber{days} + 1;
    const WorkLog::Period period = ledger_.work_log().over(first, today);
    message::NetworkReport answered;
    ReportOfNetwork& report = answered.report;
    report = report_on(period.sums, world_.census(), [this](const FabId& id) -> FabFace {
        const FabSeen* seen = fabs_.find(id);
        if (seen == nullptr || !seen->advertisement) return {};
        return {
            seen->advertisement->title, seen->advertisement->owner, fabs_.is_live(id, now_.boot)};
    });
    report.days = days;
    // Days are of steady time; people read the wall's. No calendar of ours begins before 1970.
    report.from = std::max(begin_of(first) - ledger_.clock_offset(), WallTime{});
    report.to = std::max(now_.wall, report.from);
    if (report.without_largest) ask_without(*report.without_largest, period);
    report.waiting = waiting_report();
    report.by_day = ledger_.work_log().by_day(first, today);
    answer(from, std::move(answered));
}

}  // namespace nearfab::router
