// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/ledger.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

// Shares older than this are dropped when a new one comes; no rule looks back farther.
constexpr auto share_memory = std::chrono::hours{24 * 31};

// How long a fab that said no is not asked again for the same work. Its reason may be over by then
// (closed today, out of material), and it may be the only fab that can.
constexpr auto refusal_rest = std::chrono::hours{1};
constexpr auto unpreparable_rest = std::chrono::hours{24};
constexpr auto unused_right_rest = std::chrono::minutes{5};

bool is_failure(WorkEvent event) {
    return event == WorkEvent::failed || event == WorkEvent::rejected;
}

bool is_success(WorkEvent event) {
    return event == WorkEvent::produced || event == WorkEvent::inspected ||
           event == WorkEvent::delivered;
}

std::string story_of(const WorkMoved& fact, const WorkOrder& order) {
    const std::string at = order.chosen.fab.text() + " / " + order.chosen.machine.text();
    const std::string why = fact.detail.empty() ? "" : ": " + fact.detail;
    switch (fact.event) {
        case WorkEvent::offered:
            return {};
        case WorkEvent::reserved:
            return fmt::format("{} accepted", order.chosen.fab.text());
        case WorkEvent::released:
            return fmt::format("given back by {}{}", at, why);
        case WorkEvent::authorised:
            return fmt::format("{} may start now", at);
        case WorkEvent::started:
            return fmt::format("{} is making it", at);
        case WorkEvent::never_started:
            return fmt::format("{} did not start it{}", at, why);
        case WorkEvent::produced:
            return fmt::format("made by {}, waits for inspection", at);
        case WorkEvent::failed:
            return fmt::format("failed at {}{}", at, why);
        case WorkEvent::doubted:
            return fmt::format("in doubt at {}{}", at, why);
        case WorkEvent::declared_lost:
            return fmt::format("declared lost at {}{}", at, why);
        case WorkEvent::inspected:
            return fmt::format("inspected: good{}", why);
        case WorkEvent::rejected:
            return fmt::format("inspected: not good{}", why);
        case WorkEvent::delivered:
            return fmt::format("handed over by {}", order.chosen.fab.text());
        case WorkEvent::cancelled:
            return "cancelled" + why;
        case WorkEvent::given_up:
            return "given up" + why;
        case WorkEvent::recovered:
        case WorkEvent::adopted:
            return {};
    }
    return {};
}

}  // namespace

JobId job_of(const WorkOrderId& id) {
    return JobId{id.text().substr(0, id.text().rfind('-'))};
}

void Ledger::apply(WallTime wall, const Fact& fact) {
    if (const auto* set = std::get_if<ClockSet>(&fact)) clock_offset_ = set->offset;
    steady_ = std::max(steady_, wall + clock_offset_);
    std::visit([&](const auto& f) { take(wall, f); }, fact);
}

void Ledger::restore(WholeJob whole) {
    auto& [job, orders] = whole;
    by_submitter_[job.submitter].insert(job.id);
    if (!is_final(job.state)) ++unfinished_[job.submitter];
    count_job(job.state, true);
    job.waiting = {};
    if (counts_restored_) {
        for (const WorkOrder& order : orders)
            if (order.state == WorkOrderState::delivered) log_delivered(job, order);
    }
    steady_ = std::max(steady_, job.in_line_since);
    if (job.state == JobState::analysing) analysing_.insert(job.id);
    if (is_final(job.state)) over_.push_back(job.id);
    const JobId id = job.id;
    const bool fresh = !closed_.contains(id) && jobs_.emplace(id, std::move(job)).second;
    NEARFAB_CHECK(fresh, "a snapshot holds a job twice");
    for (WorkOrder& order : orders) {
        steady_ = std::max(steady_, order.state_since);
        index(order, true);
        const WorkOrderId order_id = order.id;
        orders_.emplace(order_id, std::move(order));
    }
}

Status Ledger::restore_closed(std::span<const std::uint8_t> records) {
    if (packing_.pack) {
        if (Status added = closed_.add_records(records); !added || !counts_restored_) return added;
        return log_restored(records);
    }
    return fail(ErrorCode::unsupported, "packed jobs, and nothing to unpack them with");
}

void Ledger::restore(const DesignReading& reading, Design design) {
    designs_[reading] = std::move(design);
}

void Ledger::restore_breaker(const ContentHash& hash, Design design) {
    breakers_[hash] = std::move(design);
}

void Ledger::restore(Network network) {
    generation_ = network.generation;
    reconciling_ = network.reconciling;
    known_fabs_ = std::move(network.known_fabs);
    inquiry_ = network.inquiry;
    restored_inquiry_ = network.restored_inquiry;
    // Snapshots of a time before inquiries had numbers.
    if (reconciling_ && inquiry_ == 0) inquiry_ = restored_inquiry_ = 1;
    for (const FabId& id : known_fabs_)
        index_awaited(id, true);
}

void Ledger::restore(const FabId& id, FabRecord fab) {
    // Snapshots of a time before the calendar was in them tell how far it had come.
    steady_ = std::max(steady_, fab.last_failure);
    if (const auto last = fab.recent.last()) steady_ = std::max(steady_, *last);
    index_awaited(id, false);
    fabs_[id] = std::move(fab);
    index_awaited(id, true);
}

void Ledger::restore_calendar(Duration clock_offset, WallTime last) {
    clock_offset_ = clock_offset;
    steady_ = last;
}

const Job* Ledger::job(const JobId& id) const {
    if (const auto found = jobs_.find(id); found != jobs_.end()) return &found->second;
    return read_closed(id) ? &unpacked_jobs_.at(id) : nullptr;
}

const WorkOrder* Ledger::work_order(const WorkOrderId& id) const {
    if (const auto found = orders_.find(id); found != orders_.end()) return &found->second;
    if (!read_closed(job_of(id))) return nullptr;
    const auto found = unpacked_orders_.find(id);
    return found == unpacked_orders_.end() ? nullptr : &found->second;
}

const Design* Ledger::design(const DesignReading& reading) const {
    const auto found = designs_.find(reading);
    if (found != designs_.end()) return &found->second;
    const auto breaker = breakers_.find(reading.design);
    return breaker == breakers_.end() ? nullptr : &breaker->second;
}

std::uint64_t Ledger::next_epoch(const WorkOrder& order) const {
    return std::max(order.epoch_highest, generation_ * epochs_per_generation) + 1;
}

const FabRecord& Ledger::fab(const FabId& id) const {
    static const FabRecord unknown;
    const auto found = fabs_.find(id);
    return found == fabs_.end() ? unknown : found->second;
}

const JobNames& Ledger::jobs_of(const IdentityId& submitter) const {
    static const JobNames none;
    const auto found = by_submitter_.find(submitter);
    return found == by_submitter_.end() ? none : found->second;
}

const std::set<WorkOrderId>& Ledger::placed_at(const FabId& fab) const {
    static const std::set<WorkOrderId> none;
    const auto found = placed_at_.find(fab);
    return found == placed_at_.end() ? none : found->second;
}

std::size_t Ledger::places_of(const IdentityId& submitter) const {
    const auto found = places_.find(submitter);
    return found == places_.end() ? 0 : found->second;
}

std::size_t Ledger::unfinished_of(const IdentityId& submitter) const {
    const auto found = unfinished_.find(submitter);
    return found == unfinished_.end() ? 0 : found->second;
}

Job& Ledger::known_job(const JobId& id) {
    auto found = jobs_.find(id);
    if (found == jobs_.end() && reopen(id)) found = jobs_.find(id);
    NEARFAB_CHECK(found != jobs_.end(), "a fact names an unknown job");
    return found->second;
}

WorkOrder& Ledger::known_order(const WorkOrderId& id) {
    auto found = orders_.find(id);
    if (found == orders_.end() && reopen(job_of(id))) found = orders_.find(id);
    NEARFAB_CHECK(found != orders_.end(), "a fact names an unknown work order");
    return found->second;
}

void Ledger::note(WallTime at, Job& job, const WorkOrderId& order, std::string text) {
    job.changed_at = at;
    if (text.empty()) return;
    job.events.push_back({job.events.size() + 1, at, order, std::move(text)});
}

void Ledger::move(WorkOrder& order, WorkEvent event) {
    const auto next = next_state(order.state, event);
    NEARFAB_CHECK(next.has_value(), "a fact breaks the table of work order states");
    set_state(order, *next);
    order.state_since = steady_;
    order.doubt_counted_s = 0;
    order.missing = false;
}

void Ledger::begin_attempt(WorkOrder& order, std::uint64_t epoch) {
    order.epoch = epoch;
    order.epoch_highest = std::max(order.epoch_highest, epoch);
    order.machine_code = {};
    order.right_run.clear();
    order.begun = false;
    order.waits_for.clear();
}

void Ledger::set_state(WorkOrder& order, WorkOrderState state) {
    index(order, false);
    order.state = state;
    index(order, true);
}

// Enters the order into every index that its state belongs to, or takes it out of them.
void Ledger::index(const WorkOrder& order, bool there) {
    const auto keep = [there](auto& set, const auto& value) {
        if (there) {
            set.insert(value);
        } else {
            set.erase(value);
        }
    };
    if (is_final(order.state)) return;
    Job& job = known_job(order.job);
    keep(open_, order.id);
    if (order.state == WorkOrderState::queued) {
        if (job.cancel_wanted) return;
        tally(job, order, there);
        auto& line = waiting_[job.submitter];
        // Most of what comes is the last in its line.
        if (there) line.emplace_hint(line.end(), job.in_line_since, order.id);
        if (!there) line.erase({job.in_line_since, order.id});
        if (line.empty()) waiting_.erase(job.submitter);
        return;
    }
    keep(placed_, order.id);
    auto& at_fab = placed_at_[order.chosen.fab];
    keep(at_fab, order.id);
    if (at_fab.empty()) placed_at_.erase(order.chosen.fab);
    if (order.state == WorkOrderState::produced || order.state == WorkOrderState::inspected) return;
    std::size_t& places = places_[job.submitter];
    places = there ? places + 1 : places - 1;
    if (places == 0) places_.erase(job.submitter);
}

// REQUIRES: it is queued and its job is wanted. What it waits for changes between two of these.
void Ledger::tally(Job& job, const WorkOrder& order, bool there) {
    waiting_tally_.count(job.waiting, waits_for(order), there);
}

void Ledger::count_job(JobState state, bool more) {
    if (is_final(state)) return;
    std::uint32_t& jobs = jobs_in_[static_cast<std::size_t>(state)];
    jobs = more ? jobs + 1 : jobs - 1;
}

void Ledger::set_state(Job& job, JobState state) {
    count_job(job.state, false);
    count_job(state, true);
    if (job.state == JobState::analysing) analysing_.erase(job.id);
    if (!is_final(job.state) && is_final(state)) --unfinished_[job.submitter];
    if (is_final(job.state) && !is_final(state)) ++unfinished_[job.submitter];
    job.state = state;
    if (state == JobState::analysing) analysing_.insert(job.id);
    if (is_final(state)) over_.push_back(job.id);
}

// It counts for itself already: see apply().
void Ledger::take(WallTime, const ClockSet&) {}

void Ledger::take(WallTime at, const JobSubmitted& fact) {
    NEARFAB_CHECK(!jobs_.contains(fact.job) && !closed_.contains(fact.job),
                  "a job was submitted twice");
    Job& job = jobs_[fact.job];
    job.id = fact.job;
    job.submitter = fact.submitter;
    job.idempotency_key = fact.idempotency_key;
    job.spec = fact.spec;
    job.submitted_at = at;
    job.in_line_since = steady_;
    job.born_in = generation_;
    by_submitter_[fact.submitter].insert(fact.job);
    ++unfinished_[fact.submitter];
    count_job(job.state, true);
    set_state(job, JobState::analysing);
    note(at, job, {}, "submitted by " + fact.submitter.text());
}

void Ledger::take(WallTime, const DesignAnalysed& fact) {
    designs_[fact.design] = Design{fact.facts, std::nullopt, fact.analysis};
}

void Ledger::take(WallTime, const DesignRefused& fact) {
    // Jobs that an older analysis let in keep its facts.
    Design& design = designs_[fact.design];
    design.refusal = fact.error;
    design.analysis = fact.analysis;
    if (fact.in_any_unit) breakers_[fact.design.design] = design;
}

void Ledger::take(WallTime at, const WorkQueued& fact) {
    Job& job = known_job(fact.job);
    move(job, JobStep::queued);
    // Records that were lost may have queued it too, so every fab has to be heard again.
    if (job.born_in < generation_) job.inquiry = ++inquiry_;
    for (std::uint32_t part = 0; part < job.spec.parts.size(); ++part) {
        for (std::uint32_t piece = 0; piece < job.spec.parts[part].quantity; ++piece) {
            WorkOrderId id{fmt::format("{}-{}", job.id.text(), job.work_orders.size() + 1)};
            job.work_orders.push_back(id);
            WorkOrder& order = orders_[id];
            order.id = std::move(id);
            order.job = job.id;
            order.part = part;
            order.state_since = steady_;
            index(order, true);
        }
    }
    const std::size_t count = job.work_orders.size();
    note(
        at, job, {}, fmt::format("analysed; {} work order{} queued", count, count == 1 ? "" : "s"));
}

void Ledger::take(WallTime at, const WorkOffered& fact) {
    WorkOrder& order = known_order(fact.work_order);
    NEARFAB_CHECK(fact.epoch > order.epoch_highest, "an epoch was used twice");
    order.chosen = fact.chosen;
    move(order, WorkEvent::offered);
    begin_attempt(order, fact.epoch);
    order.by_hand = fact.by_hand;
    order.energy_confidence = fact.energy_confidence;
    order.report = fact.report;
    order.decided_at = at;
    order.held_by[fact.epoch] = fact.chosen;
    if (known_fabs_.insert(fact.chosen.fab).second) {
        // The restored records had never heard of it.
        if (inquiry_ > 0) fabs_[fact.chosen.fab].not_awaited = inquiry_;
        index_awaited(fact.chosen.fab, true);
    }
    Job& job = known_job(order.job);
    move(job, JobStep::placed);
    note(at,
         job,
         order.id,
         fmt::format("offered to {} / {} ({})",
                     fact.chosen.fab.text(),
                     fact.chosen.machine.text(),
                     fact.chosen.reason));
}

void Ledger::take(WallTime at, const WorkWaits& fact) {
    WorkOrder& order = known_order(fact.work_order);
    Job& job = known_job(order.job);
    const bool counts = order.state == WorkOrderState::queued && !job.cancel_wanted;
    if (counts) tally(job, order, false);
    order.waits_for = fact.reason;
    order.report = fact.report;
    if (counts) tally(job, order, true);
    order.decided_at = at;
    note(at, job, order.id, fact.reason);
}

void Ledger::count_failure(WorkOrder& order, WorkOrderState before, const WorkMoved& fact) {
    const FabId& at = order.chosen.fab;
    ++order.attempts;
    order.last_failure = fact.detail;
    order.words[at] = fact.detail;
    if (before == WorkOrderState::reserved && fact.event == WorkEvent::failed) {
        // Nothing was started: the design would not be sliced, say. Another fab may have another
        // slicer, this one would fail again, and its machines are not to blame.
        order.refusals[at] = {"it could not be prepared there: " + fact.detail,
                              steady_ + unpreparable_rest};
        return;
    }
    ++order.failures[at];
    if (fact.unsafe) order.unsafe_machines[{at, order.chosen.machine}] = fact.detail;
    FabRecord& fab = fabs_[at];
    ++fab.failures_in_row;
    fab.last_failure = steady_;
}

void Ledger::count_right(WorkOrder& order, const WorkMoved& fact) {
    // A right that is given again (the agent asked again) is the same work.
    const bool first_right = order.machine_code == ContentHash{};
    order.machine_code = fact.machine_code;
    order.right_run = fact.run;
    auto& recent = fabs_[order.chosen.fab].recent;
    recent.forget_before(steady_ - share_memory);
    if (first_right) recent.add({steady_, order.chosen.making_s});
}

// A job whose work is all back in the queue is looking for fabs again.
void Ledger::refresh(Job& job, const WorkOrder& order) {
    if (order.state != WorkOrderState::queued || job.state == JobState::matching) return;
    const bool all_back =
        std::all_of(job.work_orders.begin(), job.work_orders.end(), [&](const WorkOrderId& id) {
            const WorkOrderState state = known_order(id).state;
            return state == WorkOrderState::queued || is_final(state);
        });
    move(job, all_back ? JobStep::back : JobStep::placed);
}

void Ledger::move(Job& job, JobStep step) {
    const auto next = next_state(job.state, step);
    NEARFAB_CHECK(next.has_value(), "a fact breaks the table of job states");
    set_state(job, *next);
}

void Ledger::take(WallTime at, const WorkMoved& fact) {
    WorkOrder& order = known_order(fact.work_order);
    NEARFAB_CHECK(fact.epoch == order.epoch, "a fact moves an attempt that is over");
    Job& job = known_job(order.job);
    note(at, job, order.id, story_of(fact, order));
    const WorkOrderState before = order.state;
    const FabId& fab = order.chosen.fab;
    move(order, fact.event);
    if (fact.event == WorkEvent::delivered) log_delivered(job, order);
    if (fact.event == WorkEvent::released && fact.refused_by_fab) {
        order.refusals[fab] = {"the fab said no: " + fact.detail, steady_ + refusal_rest};
        order.words[fab] = fact.detail;
    }
    if (fact.event == WorkEvent::authorised) count_right(order, fact);
    order.begun = order.begun || fact.event == WorkEvent::started;
    if (is_failure(fact.event)) count_failure(order, before, fact);
    // Nothing was wasted, but a fab that cannot start it is not asked again and again: at once the
    // first time, then after longer and longer rests.
    if (fact.event == WorkEvent::never_started) {
        const std::uint32_t times = ++order.unused_rights[fab];
        order.refusals[fab] = {"the fab could not start it: " + fact.detail,
                               steady_ + unused_right_rest * (times - 1)};
        order.words[fab] = fact.detail;
    }
    if (is_success(fact.event)) fabs_[fab].failures_in_row = 0;
    refresh(job, order);
}

void Ledger::take(WallTime at, const SurplusFound& fact) {
    WorkOrder& order = known_order(fact.work_order);
    order.surplus[fact.epoch] = fact.fab;
    if (fact.satisfies) {
        order.claims.erase(fact.epoch);
        index(order, false);
        order.chosen = order.held_by.at(fact.epoch);
        order.energy_confidence.clear();  // Of its own attempt; nobody kept the other's.
        index(order, true);
        move(order, WorkEvent::recovered);
        begin_attempt(order, fact.epoch);
        move(known_job(order.job), JobStep::placed);
    }
    note(at,
         known_job(order.job),
         order.id,
         fmt::format("{}: attempt {} at {} has a part after all{}",
                     fact.satisfies ? "recovered" : "surplus",
                     fact.epoch,
                     fact.fab.text(),
                     fact.detail.empty() ? "" : ": " + fact.detail));
}

void Ledger::take(WallTime at, const PieceMissing& fact) {
    WorkOrder& order = known_order(fact.work_order);
    NEARFAB_CHECK(fact.epoch == order.epoch, "a fact speaks of an attempt that is over");
    order.missing = !fact.found;
    note(at,
         known_job(order.job),
         order.id,
         fact.found ? fact.fab.text() + " knows of it again"
                    : fact.fab.text() + " has made it, and does not know of it any more");
}

void Ledger::take(WallTime at, const WorkPlanned& fact) {
    Job& job = known_job(fact.job);
    std::size_t next = 0;
    const auto next_piece = [&]() -> WorkOrder& {
        NEARFAB_CHECK(next < fact.pieces.size(), "a plan has more places than pieces");
        const std::size_t number = fact.pieces[next++];
        NEARFAB_CHECK(number >= 1 && number <= job.work_orders.size(),
                      "a plan names a piece that the job does not have");
        return known_order(job.work_orders[number - 1]);
    };
    const auto plan = [&](std::optional<WorkOrder::Planned> planned) {
        WorkOrder& order = next_piece();
        const bool counts = order.state == WorkOrderState::queued && !job.cancel_wanted;
        if (counts) tally(job, order, false);
        if (planned) order.waits_for.clear();
        order.planned = std::move(planned);
        if (counts) tally(job, order, true);
    };
    for (const PlanRow& row : fact.plan.rows) {
        for (std::uint32_t i = 0; i < row.pieces; ++i) {
            const bool late = i >= row.pieces - row.late;
            plan(WorkOrder::Planned{row.fab, row.machine, row.making_s, row.mass_g, late});
        }
    }
    while (next < fact.pieces.size())
        plan(std::nullopt);
    const std::string anew = fact.reason.empty() ? "" : " anew (" + fact.reason + ")";
    note(at, job, {}, "planned" + anew + ": " + summary_of(fact.plan));
    job.planned = true;
}

void Ledger::take(WallTime at, const CancelWanted& fact) {
    Job& job = known_job(fact.job);
    for (const WorkOrderId& id : job.work_orders)
        index(known_order(id), false);
    job.cancel_wanted = true;
    for (const WorkOrderId& id : job.work_orders)
        index(known_order(id), true);
    note(
        at, job, {}, fact.reason.empty() ? "cancel asked for" : "cancel asked for: " + fact.reason);
}

void Ledger::take(WallTime at, const JobMoved& fact) {
    Job& job = known_job(fact.job);
    const auto step = step_to(fact.state);
    NEARFAB_CHECK(step.has_value(), "a fact ends a job in no end");
    move(job, *step);
    job.reason = fact.reason;
    note(at,
         job,
         {},
         "job " + to_string(fact.state) + (fact.reason.empty() ? "" : ": " + fact.reason));
}

}  // namespace nearfab::router
