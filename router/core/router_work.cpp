// SPDX-License-Identifier: GPL-3.0-or-later
// The way of a work order: who gets it, what follows from each step.

#include "base/check.hpp"
#include "router/core/router.hpp"
#include "router/matching/matcher.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace nearfab::router {
namespace {

// The same machines fail the same requirements.
bool same_reasons(const MatchReport& a, const MatchReport& b) {
    return a.machines_seen == b.machines_seen &&
           std::equal(a.rejections.begin(),
                      a.rejections.end(),
                      b.rejections.begin(),
                      b.rejections.end(),
                      [](const Rejection& x, const Rejection& y) {
                          return x.fab == y.fab && x.machine == y.machine &&
                                 x.requirement == y.requirement;
                      });
}

// Nothing tells this order from another piece of the same part.
bool is_fresh(const WorkOrder& order) {
    return order.refusals.empty() && order.failures.empty() && order.unsafe_machines.empty();
}

}  // namespace

// In turn: whose work holds the fewest places comes first, so that a thousand pieces of one
// designer leave room for one piece of another; among equals first come, first served; within a job
// by number.
std::vector<WorkOrderId> Router::queued_in_turn() const {
    struct Turn {
        std::size_t round = 0;
        WallTime submitted_at;
        WorkOrderId id;
    };
    std::map<IdentityId, std::size_t> places;
    std::map<IdentityId, std::vector<Turn>> lines;
    for (const WorkOrderId& id : ledger_.open_work()) {
        const WorkOrder& order = *ledger_.work_order(id);
        const Job& job = *ledger_.job(order.job);
        if (order.state == WorkOrderState::queued) {
            if (!job.cancel_wanted) lines[job.submitter].push_back({0, job.submitted_at, id});
        } else if (order.state != WorkOrderState::produced &&
                   order.state != WorkOrderState::inspected) {
            ++places[job.submitter];
        }
    }
    std::vector<Turn> turns;
    for (auto& [submitter, line] : lines) {
        std::stable_sort(line.begin(), line.end(), [](const Turn& a, const Turn& b) {
            return a.submitted_at < b.submitted_at;
        });
        std::size_t round = places[submitter];
        for (Turn& turn : line) {
            turn.round = round++;
            turns.push_back(std::move(turn));
        }
    }
    std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
        return std::tie(a.round, a.submitted_at) < std::tie(b.round, b.submitted_at);
    });
    std::vector<WorkOrderId> queued;
    queued.reserve(turns.size());
    for (Turn& turn : turns)
        queued.push_back(std::move(turn.id));
    return queued;
}

void Router::match_all_queued() {
    // When nobody can make one piece, nobody can make the next one of the same part either.
    // The same holds at one fab for the pieces that are planned for it.
    using Kind = std::tuple<JobId, std::uint32_t, FabId>;
    const auto kind_of = [](const WorkOrder& order) {
        return Kind{order.job, order.part, order.planned ? order.planned->fab : FabId{}};
    };
    std::set<Kind> hopeless;
    std::set<JobId> planned;
    for (const WorkOrderId& id : queued_in_turn()) {
        const WorkOrder& order = *ledger_.work_order(id);
        const Job& job = *ledger_.job(order.job);
        if (!order.planned && job.work_orders.size() > 1 && planned.insert(job.id).second) {
            plan_queued(job);
        }
        const bool fresh = is_fresh(order) && !silent_.contains(id);
        if (fresh && hopeless.contains(kind_of(order))) continue;
        match_one(order);
        if (order.state == WorkOrderState::queued && fresh) hopeless.insert(kind_of(order));
    }
}

void Router::match_one(const WorkOrder& order) {
    // Each time around, the plan leaves one more fab.
    while (order.planned) {
        if (match_planned(order) == Planned::settled) return;
    }
    Question question = question_of(*ledger_.job(order.job), order.part);
    question.history = history_of(order);
    MatchReport report = match_now(question);
    if (report.candidates.empty()) {
        wait_for_better(order, std::move(report));
        return;
    }
    Candidate chosen = report.candidates.front();
    offer(order, std::move(chosen), std::move(report));
}

void Router::offer(const WorkOrder& order, Candidate chosen, MatchReport report) {
    bool by_hand = false;
    for (const Capability& machine : fabs_.find(chosen.fab)->advertisement->machines)
        by_hand |= machine.machine == chosen.machine && machine.accepts_by_hand;
    record(WorkOffered{
        order.id, order.epoch_highest + 1, std::move(chosen), std::move(report), by_hand});
    touched_.insert(order.job);
    attention_[order.id] = {};
    arm(order);
    tell(order.chosen.fab, offer_of(order));
}

void Router::wait_for_better(const WorkOrder& order, MatchReport report) {
    // Numbers in the reasons change with every advertisement; only another kind of reason is worth
    // remembering.
    if (order.waits_for.empty() || !same_reasons(order.report, report)) {
        std::string reason = summary_of_misses(report);
        record(WorkWaits{order.id, std::move(reason), std::move(report)});
        touched_.insert(order.job);
    }
    // Distrust, refusals and silence end by time alone; all else that helps comes as an event.
    TimePoint again = now_.boot + options_.distrust_for;
    for (const auto& [fab, refusal] : order.refusals) {
        if (refusal.until > steady()) {
            again = std::min(again, now_.boot + (refusal.until - steady()));
        }
    }
    if (const auto silences = silent_.find(order.id); silences != silent_.end()) {
        for (const auto& [fab, silence] : silences->second) {
            if (silence.until > now_.boot) again = std::min(again, silence.until);
        }
    }
    attention_[order.id].deadline = again;
}

void Router::refresh_world() {
    world_.refresh(ledger_, now_.boot, steady());
    // A copy, because the set changes while distrust ends.
    const std::set<FabId> distrusted = world_.distrusted();
    for (const FabId& fab : distrusted)
        world_.set_distrust(fab, distrust_of(fab));
}

MatchReport Router::match_now(const Question& question) {
    refresh_world();
    return match(question, IndexFinder{world_.index(), question}, options_.matching);
}

// Who is not asked for this work (again), or has enough of the same job already.
WorkHistory Router::history_of(const WorkOrder& order) const {
    WorkHistory history;
    history.waiting_of_job = world_.waiting_of(order.job);
    add_refusals(order, history);
    return history;
}

void Router::add_refusals(const WorkOrder& order, WorkHistory& history) const {
    history.unsafe.insert(order.unsafe_machines.begin(), order.unsafe_machines.end());
    const auto ask = [&](const auto& fabs) {
        for (const auto& [fab, why] : fabs) {
            std::string refusal = refusal_of(order, fab);
            if (!refusal.empty()) history.refusals[fab] = std::move(refusal);
        }
    };
    ask(order.refusals);
    ask(order.failures);
    if (const auto silences = silent_.find(order.id); silences != silent_.end()) {
        ask(silences->second);
    }
}

message::Offer Router::offer_of(const WorkOrder& order) const {
    const Job& job = *ledger_.job(order.job);
    const Attention& attention = attention_.at(order.id);
    message::Offer offer;
    offer.work_order = order.id;
    offer.epoch = order.epoch;
    offer.machine = order.chosen.machine;
    offer.part = job.spec.parts[order.part];
    offer.part.quantity = 1;  // A work order is one piece.
    offer.facts = *ledger_.design(offer.part.reading())->facts;
    offer.placement = order.chosen.placement;
    offer.licence = job.spec.licence;
    offer.title = job.spec.title;
    offer.submitter = job.submitter;
    offer.distance_km = order.chosen.distance_km;
    const Duration left = attention.deadline.value_or(now_.boot) - now_.boot;
    offer.expires_s =
        std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::seconds>(left).count());
    return offer;
}

void Router::move(const WorkOrder& order, WorkEvent event, std::string detail) {
    move(WorkMoved{order.id, order.epoch, event, std::move(detail), {}});
}

void Router::move(WorkMoved fact) {
    const WorkOrderId id = fact.work_order;
    const WorkOrderState before = ledger_.work_order(id)->state;
    record(std::move(fact));
    const WorkOrder& order = *ledger_.work_order(id);
    touched_.insert(order.job);
    Attention& attention = attention_[id];
    attention.deadline.reset();
    attention.phase.clear();
    if (order.state != WorkOrderState::producing) attention.progress = 0;
    // It left a place in the fab's queue, for another piece of the same job or for another job.
    match_wanted_ = match_wanted_ || before == WorkOrderState::reserved;
    arm(order);
    settle(order);
}

void Router::doubt(const WorkOrder& order, std::string why) {
    move(order, WorkEvent::doubted, std::move(why));
}

// What follows at once from the state an order has come to.
void Router::settle(const WorkOrder& order) {
    const Job& job = *ledger_.job(order.job);
    if (order.state == WorkOrderState::queued) {
        if (job.cancel_wanted) {
            move(order, WorkEvent::cancelled);
            return;
        }
        if (order.attempts >= options_.attempts_max) {
            move(order, WorkEvent::given_up, fmt::format("{} attempts failed", order.attempts));
            return;
        }
        match_wanted_ = true;
    }
    if (order.state == WorkOrderState::in_doubt && job.cancel_wanted) {
        move(order, WorkEvent::cancelled, "nobody knows what came of it");
        return;
    }
    settle_job(job);
}

void Router::settle_job(const Job& job) {
    if (is_final(job.state) || job.work_orders.empty()) return;
    std::size_t inspected = 0;
    std::size_t delivered = 0;
    std::size_t cancelled = 0;
    std::size_t failed = 0;
    std::string failure;
    for (const WorkOrderId& id : job.work_orders) {
        const WorkOrderState state = ledger_.work_order(id)->state;
        inspected += state == WorkOrderState::inspected ? 1 : 0;
        delivered += state == WorkOrderState::delivered ? 1 : 0;
        cancelled += state == WorkOrderState::cancelled ? 1 : 0;
        failed += state == WorkOrderState::failed_final ? 1 : 0;
        if (state == WorkOrderState::failed_final) failure = ledger_.work_order(id)->last_failure;
    }
    const std::size_t all = job.work_orders.size();
    const auto end = [&](JobState state, std::string reason) {
        touched_.insert(job.id);
        record(JobMoved{job.id, state, std::move(reason)});
    };
    if (delivered + cancelled + failed == all) {
        if (failed > 0) {
            end(JobState::failed,
                fmt::format("{} of {} pieces could not be made; last: {}", failed, all, failure));
        } else if (delivered == 0) {
            end(JobState::cancelled, "by " + job.submitter.text());
        } else {
            end(JobState::closed,
                cancelled == 0 ? ""
                               : fmt::format("{} of {} pieces were cancelled", cancelled, all));
        }
    } else if (inspected + delivered + cancelled + failed == all && job.state != JobState::ready) {
        end(JobState::ready, "");
    }
}

const Design* Router::analysed(const DesignReading& reading) const {
    const Design* design = ledger_.design(reading);
    if (design == nullptr || design->analysis < options_.analysis_version) return nullptr;
    return design;
}

void Router::advance_analysis(const Job& job) {
    std::string refused;
    bool complete = true;
    for (const PartSpec& part : job.spec.parts) {
        const Design* design = analysed(part.reading());
        if (design == nullptr) {
            complete = false;
            analyses_.add(job.submitter, part.reading());
            continue;
        }
        std::string why = design->refusal ? design->refusal->message
                                          : why_impossible(*design->facts, part.process);
        if (!why.empty() && refused.empty()) refused = part.file_name + ": " + std::move(why);
    }
    touched_.insert(job.id);
    if (!refused.empty()) {
        record(JobMoved{job.id, JobState::rejected, std::move(refused)});
    } else if (complete) {
        record(WorkQueued{job.id});
        for (const WorkOrderId& id : job.work_orders)
            arm(*ledger_.work_order(id));
        match_wanted_ = true;
    }
}

void Router::give_out_analyses() {
    while (const auto design = analyses_.next()) {
        // Refused meanwhile, in another unit.
        if (analysed(*design) != nullptr) {
            analyses_.done(*design);
        } else {
            effects_.push_back(Analyse{*design});
        }
    }
}

}  // namespace nearfab::router
