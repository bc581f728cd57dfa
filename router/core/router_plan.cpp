// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs of many pieces: which fab a piece goes to, and when that is decided anew.
//
// A plan says which fab makes which piece, nothing else: offers, epochs and rights are as for a
// single piece, and so are the limits of what waits at a fab. A piece waits for a place at its fab
// as long as that fab is there and able.

#include "base/check.hpp"
#include "router/core/router.hpp"
#include "router/matching/matcher.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <span>
#include <utility>

namespace nearfab::router {
namespace {

// Places at the fab come and go; what is left is whether it could make the piece at all.
MatchingRules without_places(MatchingRules rules) {
    rules.queue_per_machine_max = std::numeric_limits<std::uint32_t>::max();
    rules.waiting_per_job_and_fab_max = std::numeric_limits<std::uint32_t>::max();
    return rules;
}

bool can_now(const Question& question, const FabView& fab, const MatchingRules& rules) {
    return std::any_of(fab.machines.begin(), fab.machines.end(), [&](const MachineView& machine) {
        return first_unmet({question, fab, machine, rules}) == nullptr;
    });
}

std::string why_not(const Question& question,
                    const FabView& fab,
                    const MachineId& planned,
                    const MatchingRules& rules) {
    const auto rejection = rejection_at(question, fab, planned, rules);
    return rejection ? rejection->text : "it has no such machine any more";
}

}  // namespace

Question Router::question_about(const JobSpec& spec,
                                std::uint32_t part,
                                const PartFacts& facts,
                                const IdentityId& submitter) const {
    // Not a copy: what is asked with it ends before the ledger changes.
    Question question = make_question(
        spec.parts[part], std::shared_ptr<const PartFacts>{std::shared_ptr<const void>{}, &facts});
    question.place_of_use = spec.place_of_use;
    question.submitter = submitter;
    question.objective = spec.objective;
    question.currency = spec.currency;
    question.carbon_price_per_t = spec.carbon_price_per_t;
    question.deadline_s = seconds_left(spec);
    return question;
}

Question Router::question_of(const Job& job, std::uint32_t part) const {
    const PartFacts& facts = *ledger_.design(job.spec.parts[part].reading())->facts;
    Question question = question_about(job.spec, part, facts, job.submitter);
    auto licence = LicenceExpression::parse(job.spec.licence);
    NEARFAB_CHECK(licence.has_value(), "a job without a readable licence was accepted");
    question.licence = std::move(*licence);
    return question;
}

// A fab that says no to one piece of a part is not planned with for the others, as long as that
// counts.
WorkHistory Router::history_of_part(const Job& job, std::uint32_t part) const {
    WorkHistory all;
    for (const WorkOrderId& id : job.work_orders) {
        const WorkOrder& order = *ledger_.work_order(id);
        if (order.part == part) add_refusals(order, all);
    }
    if (const auto left = left_.find({job.id, part}); left != left_.end()) {
        for (const auto& [fab, why] : left->second)
            all.refusals[fab] = why;
    }
    return all;
}

JobPlan Router::plan_now(const std::vector<PlanWish>& wishes) {
    ++searches_;
    refresh_world();
    const PlanWorld world{[this](const Question& question) {
                              return std::make_unique<IndexFinder>(world_.index(), question);
                          },
                          [this](const FabId& fab, const MachineId& machine) {
                              return world_.ahead_of(fab, machine);
                          },
                          world_.full_machines()};
    return make_plan(wishes, world, options_.matching);
}

// Plans the pieces that have no place in the plan yet.
void Router::plan_queued(const Job& job) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < job.work_orders.size(); ++i) {
        const WorkOrder& order = *ledger_.work_order(job.work_orders[i]);
        if (order.state == WorkOrderState::queued && !order.planned) numbers.push_back(i);
    }
    plan_pieces(job, numbers, job.planned ? "there is a place for more" : "");
}

// False: nobody can make any of them now. `numbers` are positions in the job's work orders.
bool Router::plan_pieces(const Job& job,
                         const std::vector<std::size_t>& numbers,
                         std::string reason) {
    std::map<std::uint32_t, std::vector<std::uint32_t>> pieces;
    bool had_place = false;
    for (const std::size_t number : numbers) {
        const WorkOrder& order = *ledger_.work_order(job.work_orders[number]);
        pieces[order.part].push_back(static_cast<std::uint32_t>(number + 1));
        had_place = had_place || order.planned;
    }
    std::vector<PlanWish> wishes;
    for (const auto& [part, of_part] : pieces) {
        PlanWish wish{part, static_cast<std::uint32_t>(of_part.size()), question_of(job, part)};
        wish.question.history = history_of_part(job, part);
        wishes.push_back(std::move(wish));
    }
    WorkPlanned fact{job.id, plan_now(wishes), {}, std::move(reason)};
    // Nothing is found, and nothing was lost.
    if (fact.plan.rows.empty() && !had_place) return false;
    for (const PlanRow& row : fact.plan.rows) {
        auto& line = pieces.at(row.part);
        const auto end = line.begin() + row.pieces;
        fact.pieces.insert(fact.pieces.end(), line.begin(), end);
        line.erase(line.begin(), end);
    }
    for (const auto& [part, line] : pieces)
        fact.pieces.insert(fact.pieces.end(), line.begin(), line.end());
    touched_.insert(job.id);
    record(std::move(fact));
    return true;
}

// Since when the fab has not been there, as far as this run of the router knows.
TimePoint Router::gone_since(const FabId& fab) const {
    const FabSeen* seen = fabs_.find(fab);
    if (seen == nullptr || !seen->advertisement) return started_->boot;
    if (!seen->connected) return std::max(seen->lost_at, started_->boot);
    return seen->advertised_at + std::chrono::seconds{seen->advertisement->valid_s};
}

Router::Planned Router::match_planned(const WorkOrder& order) {
    const FabId fab = order.planned->fab;
    if (const std::string why = refusal_of(order, fab); !why.empty()) {
        leave_planned_fab(order, why);
        return Planned::anew;
    }
    refresh_world();
    const FabView* view = world_.index().view(fab);
    if (view != nullptr && view->connected && !view->stale) return ask_planned(order, *view);
    const TimePoint patience_ends = gone_since(fab) + options_.silence_rest;
    if (now_.boot < patience_ends) {
        deadlines_.set(order.id, patience_ends);
        return Planned::settled;
    }
    leave_planned_fab(order, "it has left");
    return Planned::anew;
}

Router::Planned Router::ask_planned(const WorkOrder& order, const FabView& fab) {
    const WorkOrder::Planned planned = *order.planned;
    Question question = question_of(*ledger_.job(order.job), order.part);
    question.history = history_of(order);
    // What is late by the plan is made nevertheless. Otherwise one making more is let pass, because
    // a machine's promises count the piece that it is making in full until it is made.
    if (planned.late) question.deadline_s.reset();
    if (question.deadline_s) *question.deadline_s += planned.making_s;
    if (can_now(question, fab, options_.matching)) {
        MatchReport report = match(question, std::span{&fab, 1}, options_.matching);
        // The answer has so many rows that the planned machine need not be among them.
        Candidate chosen = candidate_at(question, fab, planned.machine, options_.matching)
                               .value_or(report.candidates.front());
        chosen.reason = fmt::format("as planned: {:.1f} km", chosen.distance_km);
        offer(order, std::move(chosen), std::move(report));
        return Planned::settled;
    }
    const MatchingRules ever = without_places(options_.matching);
    if (can_now(question, fab, ever)) return Planned::settled;  // It waits for a place there.
    leave_planned_fab(order, why_not(question, fab, planned.machine, ever));
    return Planned::anew;
}

// With this piece, all that wait for the same fab.
void Router::leave_planned_fab(const WorkOrder& order, const std::string& why) {
    const Job& job = *ledger_.job(order.job);
    const FabId fab = order.planned->fab;
    left_[{job.id, order.part}][fab] = why;
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < job.work_orders.size(); ++i) {
        const WorkOrder& other = *ledger_.work_order(job.work_orders[i]);
        if (other.state == WorkOrderState::queued && other.part == order.part && other.planned &&
            other.planned->fab == fab) {
            numbers.push_back(i);
        }
    }
    plan_pieces(job, numbers, fab.text() + ": " + why);
}

}  // namespace nearfab::router
