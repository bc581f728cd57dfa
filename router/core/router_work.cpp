// SPDX-License-Identifier: GPL-3.0-or-later
// The way of a work order: who gets it, what follows from each step.

#include "base/check.hpp"
#include "router/core/restored_hold.hpp"
#include "router/core/router.hpp"
#include "router/matching/matcher.hpp"
#include "router/report/emissions.hpp"

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

// Its waiting work is to be tried at the end of the step, or as soon as its turn comes.
void Router::want_match(const Job& job) {
    if (job.cancel_wanted) return;
    // A pass of what has come takes in what comes meanwhile, so that a flood of one designer's is
    // not tried before the single piece of another.
    const bool joins = !pass_.over() && !pass_of_all_;
    auto& lines = joins ? trying_ : untried_;
    auto& line = lines[job.submitter];
    const bool is_new = line.empty();
    for (const WorkOrderId& id : job.work_orders) {
        if (ledger_.work_order(id)->state == WorkOrderState::queued) {
            line.emplace_hint(line.end(), job.in_line_since, id);
        }
    }
    if (line.empty()) {
        lines.erase(job.submitter);
    } else if (joins && is_new) {
        pass_.add(ledger_.places_of(job.submitter), job.submitter, *line.begin());
    }
}

// Waiting work is never in the way of what must be answered: one moment tries so much of it.
std::size_t Router::tries_allowed() const {
    return match_wanted_ || pass_of_all_ ? options_.matches_per_moment
                                         : options_.fresh_matches_per_moment;
}

// A pass may free nothing new, so one is enough: every release asks for another.
void Router::match_waiting() {
    if (reconcile_until_) return;
    if (tries_at_ != now_.boot) tries_ = 0;
    tries_at_ = now_.boot;
    while (tries_ < tries_allowed()) {
        // What has just come is in a pass of all that waits.
        if (match_wanted_ && !pass_of_all_) pass_.stop();
        if (pass_.over()) {
            pass_of_all_ = false;
            // What was put behind the turn of its line.
            for (auto& [who, line] : std::exchange(trying_, {}))
                untried_[who].merge(line);
            if (!match_wanted_ && untried_.empty()) return;
            begin_pass();
        }
        match_pass();
    }
}

void Router::begin_pass() {
    hopeless_.clear();
    planned_in_pass_.clear();
    pass_of_all_ = std::exchange(match_wanted_, false);
    trying_ = std::exchange(untried_, {});
    if (pass_of_all_) trying_.clear();  // They are in it.
    pass_.begin(pass_of_all_ ? ledger_.waiting() : trying_,
                [this](const IdentityId& who) { return ledger_.places_of(who); });
}

void Router::took_from_line(const Job& job, const WorkOrderId& id) {
    const auto line = trying_.find(job.submitter);
    if (line == trying_.end()) return;
    line->second.erase({job.in_line_since, id});
    if (line->second.empty()) trying_.erase(line);
}

// Goes on with the pass under way, as far as this moment allows.
void Router::match_pass() {
    while (tries_ < tries_allowed()) {
        const std::optional<WorkOrderId> id =
            pass_.next(pass_of_all_ ? ledger_.waiting() : trying_);
        if (!id) return;
        const WorkOrder& order = *ledger_.work_order(*id);
        const Job& job = *ledger_.job(order.job);
        if (!pass_of_all_) took_from_line(job, *id);
        if (order.state != WorkOrderState::queued || job.cancel_wanted) continue;
        if (std::string why = refusal_of_restored(job, ledger_); !why.empty()) {
            if (order.waits_for != why) {
                touched_.insert(job.id);
                record(WorkWaits{order.id, std::move(why), {}});
            }
            continue;
        }
        if (!order.planned && job.work_orders.size() > 1 &&
            planned_in_pass_.insert(job.id).second) {
            plan_queued(job);
            ++tries_;
        }
        const auto kind = [&order] {
            return std::tuple{order.job, order.part, order.planned ? order.planned->fab : FabId{}};
        };
        // Of a job of one piece there is no next one.
        const bool fresh = job.work_orders.size() > 1 && is_fresh(order) && !silent_.contains(*id);
        if (fresh && hopeless_.contains(kind())) continue;
        match_one(order);
        ++tries_;
        if (order.state == WorkOrderState::queued && fresh) hopeless_.insert(kind());
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
    std::string confidence;
    for (const Capability& machine : fabs_.find(chosen.fab)->advertisement->machines) {
        if (machine.machine != chosen.machine) continue;
        by_hand = machine.accepts_by_hand;
        if (machine.energy) confidence = energy_confidence(*machine.energy);
    }
    record(WorkOffered{order.id,
                       ledger_.next_epoch(order),
                       std::move(chosen),
                       std::move(report),
                       by_hand,
                       std::move(confidence)});
    touched_.insert(order.job);
    attention_[order.id] = {};
    deadlines_.clear(order.id);
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
    deadlines_.set(order.id, again);
}

void Router::refresh_world() {
    world_.refresh(ledger_, now_.boot, steady());
    // A copy, because the set changes while distrust ends.
    const std::set<FabId> distrusted = world_.distrusted();
    for (const FabId& fab : distrusted)
        world_.set_distrust(fab, distrust_of(fab));
}

MatchReport Router::match_now(const Question& question) {
    ++searches_;
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
    const Duration left = deadlines_.of(order.id).value_or(now_.boot) - now_.boot;
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
    deadlines_.clear(id);
    attention.phase.clear();
    attention.counted_at.reset();
    attention.ask_at.reset();
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
        if (!order.claims.empty()) {
            take_claim(order);
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
        listen_for(job);
        want_match(job);
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
