// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/job_codec.hpp"

#include "proto/codec/codec.hpp"
#include "proto/model/text.hpp"
#include "router/shell/field_codec.hpp"

#include "shell/ledger.pb.h"
#include <algorithm>

namespace nearfab::router {
namespace {

std::string one(const Candidate& candidate) {
    return encode_match_report(MatchReport{{candidate}, {}, {}, 1});
}

void write_text(v1::FabText& to, const FabId& fab, const std::string& text) {
    to.set_fab(fab.text());
    to.set_text(clean_text(text));
}

void write_order(v1::OrderState& to, const WorkOrder& order) {
    to.set_id(order.id.text());
    to.set_part(order.part);
    to.set_state(static_cast<std::uint32_t>(order.state));
    to.set_epoch(order.epoch);
    to.set_epoch_highest(order.epoch_highest);
    to.set_attempts(order.attempts);
    to.set_last_failure(clean_text(order.last_failure));
    if (order.chosen != Candidate{}) to.set_chosen(one(order.chosen));
    to.set_energy_confidence(clean_text(order.energy_confidence));
    to.set_by_hand(order.by_hand);
    if (order.machine_code != ContentHash{}) to.set_machine_code(bytes_of(order.machine_code));
    to.set_since_ms(ms_of(order.state_since));
    to.set_right_run(clean_text(order.right_run));
    to.set_begun(order.begun);
    to.set_missing(order.missing);
    to.set_doubt_counted_s(order.doubt_counted_s);
    for (const auto& [fab, refusal] : order.refusals) {
        auto& row = *to.add_refusals();
        write_text(row, fab, refusal.reason);
        row.set_until_ms(ms_of(refusal.until));
    }
    const auto counts = [](auto& rows, const std::map<FabId, std::uint32_t>& from) {
        for (const auto& [fab, count] : from) {
            auto& row = *rows.Add();
            row.set_fab(fab.text());
            row.set_count(count);
        }
    };
    counts(*to.mutable_unused_rights(), order.unused_rights);
    counts(*to.mutable_failures(), order.failures);
    for (const auto& [machine, why] : order.unsafe_machines) {
        auto& row = *to.add_unsafe_machines();
        write_text(row, machine.first, why);
        row.set_machine(machine.second.text());
    }
    for (const auto& [fab, text] : order.words)
        write_text(*to.add_words(), fab, text);
    if (order.report != MatchReport{}) to.set_report(encode_match_report(order.report));
    to.set_decided_ms(ms_of(order.decided_at));
    to.set_waits_for(clean_text(order.waits_for));
    if (order.planned) {
        to.set_is_planned(true);
        to.mutable_plan()->set_fab(order.planned->fab.text());
        to.mutable_plan()->set_machine(order.planned->machine.text());
        to.set_plan_making_s(order.planned->making_s);
        to.set_plan_mass_g(order.planned->mass_g);
        to.set_plan_late(order.planned->late);
    }
    for (const auto& [epoch, fab] : order.surplus) {
        auto& row = *to.add_surplus();
        row.set_epoch(epoch);
        row.set_by(fab.text());
    }
    to.mutable_claims()->Add(order.claims.begin(), order.claims.end());
    for (const auto& [epoch, candidate] : order.held_by) {
        auto& row = *to.add_held_by();
        row.set_epoch(epoch);
        // The present attempt's is the same as `chosen`, most of the time.
        if (candidate != order.chosen) row.set_by(one(candidate));
    }
}

template <typename Enum>
bool fits(std::uint32_t number, Enum last) {
    return number <= static_cast<std::uint32_t>(last);
}

Result<Candidate> candidate_from(const std::string& bytes) {
    auto report = decode_match_report(bytes);
    if (!report) return fail(report.error());
    if (report->candidates.size() != 1) return unreadable("a candidate");
    return std::move(report->candidates.front());
}

void read_tables(const v1::OrderState& from, WorkOrder& order) {
    for (const auto& row : from.refusals())
        order.refusals[FabId{row.fab()}] = {row.text(), time_of(row.until_ms())};
    for (const auto& row : from.unused_rights())
        order.unused_rights[FabId{row.fab()}] = row.count();
    for (const auto& row : from.failures())
        order.failures[FabId{row.fab()}] = row.count();
    for (const auto& row : from.unsafe_machines())
        order.unsafe_machines[{FabId{row.fab()}, MachineId{row.machine()}}] = row.text();
    for (const auto& row : from.words())
        order.words[FabId{row.fab()}] = row.text();
    for (const auto& row : from.surplus())
        order.surplus[row.epoch()] = FabId{row.by()};
    order.claims = {from.claims().begin(), from.claims().end()};
}

Result<WorkOrder> read_order(const v1::OrderState& from, const JobId& job) {
    if (from.state() == 0 || !fits(from.state(), WorkOrderState::failed_final)) {
        return unreadable("a state of work");
    }
    WorkOrder order;
    order.id = WorkOrderId{from.id()};
    order.job = job;
    order.part = from.part();
    order.state = static_cast<WorkOrderState>(from.state());
    order.epoch = from.epoch();
    order.epoch_highest = from.epoch_highest();
    order.attempts = from.attempts();
    order.last_failure = from.last_failure();
    if (!from.chosen().empty()) {
        auto chosen = candidate_from(from.chosen());
        if (!chosen) return fail(chosen.error());
        order.chosen = std::move(*chosen);
    }
    order.energy_confidence = from.energy_confidence();
    order.by_hand = from.by_hand();
    if (!from.machine_code().empty() && !read_hash(from.machine_code(), order.machine_code)) {
        return unreadable("a hash");
    }
    order.state_since = time_of(from.since_ms());
    order.right_run = from.right_run();
    order.begun = from.begun();
    order.missing = from.missing();
    order.doubt_counted_s = from.doubt_counted_s();
    read_tables(from, order);
    if (!from.report().empty()) {
        auto report = decode_match_report(from.report());
        if (!report) return fail(report.error());
        order.report = std::move(*report);
    }
    order.decided_at = time_of(from.decided_ms());
    order.waits_for = from.waits_for();
    if (from.is_planned()) {
        order.planned = {FabId{from.plan().fab()},
                         MachineId{from.plan().machine()},
                         from.plan_making_s(),
                         from.plan_mass_g(),
                         from.plan_late()};
    }
    for (const auto& row : from.held_by()) {
        auto by = row.by().empty() ? Result<Candidate>{order.chosen} : candidate_from(row.by());
        if (!by) return fail(by.error());
        order.held_by.emplace_hint(order.held_by.end(), row.epoch(), std::move(*by));
    }
    return order;
}

}  // namespace

void write_job(v1::JobState& to, const Job& job, const std::vector<const WorkOrder*>& orders) {
    to.set_id(job.id.text());
    to.set_submitter(job.submitter.text());
    to.set_idempotency_key(job.idempotency_key);
    to.set_spec(encode_job_spec(job.spec));
    to.set_state(static_cast<std::uint32_t>(job.state));
    to.set_reason(clean_text(job.reason));
    to.set_cancel_wanted(job.cancel_wanted);
    to.set_planned(job.planned);
    to.set_born_in(job.born_in);
    to.set_inquiry(job.inquiry);
    to.set_submitted_ms(ms_of(job.submitted_at));
    to.set_in_line_since_ms(ms_of(job.in_line_since));
    to.set_changed_ms(ms_of(job.changed_at));
    std::map<WorkOrderId, std::uint32_t> numbers;
    for (const WorkOrderId& id : job.work_orders) {
        numbers[id] = static_cast<std::uint32_t>(numbers.size() + 1);
        write_order(*to.add_orders(), *orders[numbers.size() - 1]);
    }
    for (const JobEvent& event : job.events) {
        auto& row = *to.add_events();
        row.set_at_ms(ms_of(event.at));
        if (!event.work_order.empty()) row.set_order(numbers.at(event.work_order));
        row.set_text(clean_text(event.text));
    }
}

Result<WholeJob> read_job(const v1::JobState& from) {
    if (from.state() == 0 || !fits(from.state(), JobState::failed))
        return unreadable("a state of jobs");
    auto spec = decode_job_spec(from.spec());
    if (!spec) return fail(spec.error());
    WholeJob whole;
    auto& [job, orders] = whole;
    job.id = JobId{from.id()};
    job.submitter = IdentityId{from.submitter()};
    job.idempotency_key = from.idempotency_key();
    job.spec = std::move(*spec);
    job.state = static_cast<JobState>(from.state());
    job.reason = from.reason();
    job.cancel_wanted = from.cancel_wanted();
    job.planned = from.planned();
    job.born_in = from.born_in();
    job.inquiry = from.inquiry();
    job.submitted_at = time_of(from.submitted_ms());
    job.in_line_since = time_of(from.in_line_since_ms());
    job.changed_at = time_of(from.changed_ms());
    orders.reserve(static_cast<std::size_t>(from.orders_size()));
    for (const auto& row : from.orders()) {
        auto order = read_order(row, job.id);
        if (!order) return fail(order.error());
        if (order->part >= job.spec.parts.size()) return unreadable("a part");
        job.work_orders.push_back(order->id);
        orders.push_back(std::move(*order));
    }
    job.events.reserve(static_cast<std::size_t>(from.events_size()));
    for (const auto& row : from.events()) {
        if (row.order() > job.work_orders.size()) return unreadable("an event");
        job.events.push_back({job.events.size() + 1,
                              time_of(row.at_ms()),
                              row.order() == 0 ? WorkOrderId{} : job.work_orders[row.order() - 1],
                              row.text()});
    }
    return whole;
}

std::string pack_job(const Job& job, const std::vector<const WorkOrder*>& orders) {
    v1::JobState state;
    write_job(state, job, orders);
    return state.SerializeAsString();
}

Result<WholeJob> unpack_job(std::string_view packed) {
    v1::JobState state;
    if (!state.ParseFromArray(packed.data(), static_cast<int>(packed.size()))) {
        return fail(ErrorCode::malformed, "a packed job that is none");
    }
    return read_job(state);
}

JobPacking job_packing() {
    return {pack_job, unpack_job};
}

}  // namespace nearfab::router
