// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/ledger_codec.hpp"

#include "proto/codec/codec.hpp"
#include "proto/model/text.hpp"
#include "router/shell/reading_codec.hpp"

#include "shell/ledger.pb.h"
#include <algorithm>
#include <string>

namespace nearfab::router {
namespace {

constexpr std::size_t piece_bytes = std::size_t{256} << 10U;

std::int64_t ms_of(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime time_of(std::int64_t ms) {
    return WallTime{Duration{ms}};
}

std::string bytes_of(const ContentHash& hash) {
    return {hash.bytes.begin(), hash.bytes.end()};
}

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
    to.set_born_in(order.born_in);
    to.set_attempts(order.attempts);
    to.set_last_failure(clean_text(order.last_failure));
    if (order.chosen != Candidate{}) to.set_chosen(one(order.chosen));
    to.set_by_hand(order.by_hand);
    if (order.machine_code != ContentHash{}) to.set_machine_code(bytes_of(order.machine_code));
    to.set_since_ms(ms_of(order.state_since));
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
    for (const auto& [epoch, candidate] : order.held_by) {
        auto& row = *to.add_held_by();
        row.set_epoch(epoch);
        // The present attempt's is the same as `chosen`, most of the time.
        if (candidate != order.chosen) row.set_by(one(candidate));
    }
}

void write_job(v1::JobState& to, const Ledger& ledger, const Job& job) {
    to.set_id(job.id.text());
    to.set_submitter(job.submitter.text());
    to.set_idempotency_key(job.idempotency_key);
    to.set_spec(encode_job_spec(job.spec));
    to.set_state(static_cast<std::uint32_t>(job.state));
    to.set_reason(clean_text(job.reason));
    to.set_cancel_wanted(job.cancel_wanted);
    to.set_planned(job.planned);
    to.set_submitted_ms(ms_of(job.submitted_at));
    to.set_changed_ms(ms_of(job.changed_at));
    std::map<WorkOrderId, std::uint32_t> numbers;
    for (const WorkOrderId& id : job.work_orders) {
        numbers[id] = static_cast<std::uint32_t>(numbers.size() + 1);
        write_order(*to.add_orders(), *ledger.work_order(id));
    }
    for (const JobEvent& event : job.events) {
        auto& row = *to.add_events();
        row.set_at_ms(ms_of(event.at));
        if (!event.work_order.empty()) row.set_order(numbers.at(event.work_order));
        row.set_text(clean_text(event.text));
    }
}

void write_design(v1::DesignState& to, const DesignReading& reading, const Design& design) {
    write_reading(reading, to);
    if (design.facts) to.set_facts(encode_part_facts(*design.facts));
    to.set_analysis(design.analysis);
    if (!design.refusal) return;
    to.set_refused(true);
    to.set_code(static_cast<std::uint32_t>(design.refusal->code));
    to.set_message(clean_text(design.refusal->message));
    to.set_next(clean_text(design.refusal->next));
}

void write_fab(v1::FabState& to, const FabId& id, const FabRecord& fab) {
    to.set_fab(id.text());
    to.set_failures_in_row(fab.failures_in_row);
    to.set_last_failure_ms(ms_of(fab.last_failure));
    for (const FabRecord::Share& share : fab.recent) {
        auto& row = *to.add_recent();
        row.set_at_ms(ms_of(share.at));
        row.set_seconds(share.seconds);
    }
    if (!fab.suspicion) return;
    to.set_suspected(true);
    to.set_key(fab.suspicion->key);
    to.set_suspected_ms(ms_of(fab.suspicion->since));
}

// Gives the piece away when it is large enough, or at the end.
class Pieces {
public:
    explicit Pieces(const GivePiece& give) : give_{give} {}
    [[nodiscard]] v1::LedgerPiece& piece() { return piece_; }
    [[nodiscard]] Status added(std::size_t bytes) {
        bytes_ += bytes;
        return bytes_ >= piece_bytes ? flush() : Status{};
    }
    [[nodiscard]] Status flush() {
        std::vector<std::uint8_t> bytes(piece_.ByteSizeLong());
        piece_.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
        piece_.Clear();
        bytes_ = 0;
        return bytes.empty() ? Status{} : give_(bytes);
    }

private:
    const GivePiece& give_;
    v1::LedgerPiece piece_;
    std::size_t bytes_ = 0;
};

template <typename Enum>
bool fits(std::uint32_t number, Enum last) {
    return number <= static_cast<std::uint32_t>(last);
}

tl::unexpected<Error> unknown(const std::string& what) {
    return fail(ErrorCode::unsupported,
                "a snapshot with " + what + " that this router cannot read");
}

Result<Candidate> candidate_from(const std::string& bytes) {
    auto report = decode_match_report(bytes);
    if (!report) return fail(report.error());
    if (report->candidates.size() != 1) return unknown("a candidate");
    return std::move(report->candidates.front());
}

bool read_hash(const std::string& bytes, ContentHash& hash) {
    if (bytes.size() != hash.bytes.size()) return false;
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return true;
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
}

Result<WorkOrder> read_order(const v1::OrderState& from, const JobId& job) {
    if (from.state() == 0 || !fits(from.state(), WorkOrderState::failed_final)) {
        return unknown("a state of work");
    }
    WorkOrder order;
    order.id = WorkOrderId{from.id()};
    order.job = job;
    order.part = from.part();
    order.state = static_cast<WorkOrderState>(from.state());
    order.epoch = from.epoch();
    order.epoch_highest = from.epoch_highest();
    order.born_in = from.born_in();
    order.attempts = from.attempts();
    order.last_failure = from.last_failure();
    if (!from.chosen().empty()) {
        auto chosen = candidate_from(from.chosen());
        if (!chosen) return fail(chosen.error());
        order.chosen = std::move(*chosen);
    }
    order.by_hand = from.by_hand();
    if (!from.machine_code().empty() && !read_hash(from.machine_code(), order.machine_code)) {
        return unknown("a hash");
    }
    order.state_since = time_of(from.since_ms());
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

Status read_job(const v1::JobState& from, Ledger& ledger) {
    if (from.state() == 0 || !fits(from.state(), JobState::failed))
        return unknown("a state of jobs");
    auto spec = decode_job_spec(from.spec());
    if (!spec) return fail(spec.error());
    Job job;
    job.id = JobId{from.id()};
    job.submitter = IdentityId{from.submitter()};
    job.idempotency_key = from.idempotency_key();
    job.spec = std::move(*spec);
    job.state = static_cast<JobState>(from.state());
    job.reason = from.reason();
    job.cancel_wanted = from.cancel_wanted();
    job.planned = from.planned();
    job.submitted_at = time_of(from.submitted_ms());
    job.changed_at = time_of(from.changed_ms());
    std::vector<WorkOrder> orders;
    orders.reserve(static_cast<std::size_t>(from.orders_size()));
    for (const auto& row : from.orders()) {
        auto order = read_order(row, job.id);
        if (!order) return fail(order.error());
        if (order->part >= job.spec.parts.size()) return unknown("a part");
        job.work_orders.push_back(order->id);
        orders.push_back(std::move(*order));
    }
    job.events.reserve(static_cast<std::size_t>(from.events_size()));
    for (const auto& row : from.events()) {
        if (row.order() > job.work_orders.size()) return unknown("an event");
        job.events.push_back({job.events.size() + 1,
                              time_of(row.at_ms()),
                              row.order() == 0 ? WorkOrderId{} : job.work_orders[row.order() - 1],
                              row.text()});
    }
    ledger.restore(std::move(job), std::move(orders));
    return {};
}

Status read_design(const v1::DesignState& from, Ledger& ledger) {
    ContentHash hash;
    if (!read_hash(from.design(), hash)) return unknown("a hash");
    auto reading = read_reading(hash, from);
    if (!reading) return fail(std::move(reading.error()));
    Design design;
    design.analysis = from.analysis();
    if (!from.facts().empty()) {
        auto facts = decode_part_facts(from.facts());
        if (!facts) return fail(facts.error());
        design.facts = std::move(*facts);
    }
    if (from.refused()) {
        design.refusal = Error{static_cast<ErrorCode>(from.code()), from.message(), from.next()};
    }
    if (from.in_any_unit()) {
        ledger.restore_breaker(hash, std::move(design));
    } else {
        ledger.restore(*reading, std::move(design));
    }
    return {};
}

void read_fab(const v1::FabState& from, Ledger& ledger) {
    FabRecord fab;
    fab.failures_in_row = from.failures_in_row();
    fab.last_failure = time_of(from.last_failure_ms());
    for (const auto& row : from.recent())
        fab.recent.push_back({time_of(row.at_ms()), row.seconds()});
    if (from.suspected()) {
        fab.suspicion = FabRecord::Suspicion{from.key(), time_of(from.suspected_ms())};
    }
    ledger.restore(FabId{from.fab()}, std::move(fab));
}

}  // namespace

Status encode_ledger(const Ledger& ledger, const GivePiece& give) {
    Pieces pieces{give};
    auto& network = *pieces.piece().mutable_network();
    network.set_generation(ledger.generation());
    network.set_reconciling(ledger.reconciling());
    for (const FabId& fab : ledger.known_fabs())
        network.add_known_fabs(fab.text());
    if (Status given = pieces.flush(); !given) return given;
    for (const auto& [reading, design] : ledger.designs()) {
        auto& to = *pieces.piece().add_designs();
        write_design(to, reading, design);
        if (Status given = pieces.added(to.ByteSizeLong()); !given) return given;
    }
    for (const auto& [hash, design] : ledger.breakers()) {
        auto& to = *pieces.piece().add_designs();
        write_design(to, hash, design);
        to.set_in_any_unit(true);
        if (Status given = pieces.added(to.ByteSizeLong()); !given) return given;
    }
    for (const auto& [id, fab] : ledger.fabs()) {
        auto& to = *pieces.piece().add_fabs();
        write_fab(to, id, fab);
        if (Status given = pieces.added(to.ByteSizeLong()); !given) return given;
    }
    for (const auto& [id, job] : ledger.jobs()) {
        auto& to = *pieces.piece().add_jobs();
        write_job(to, ledger, job);
        if (Status given = pieces.added(to.ByteSizeLong()); !given) return given;
    }
    return pieces.flush();
}

Status decode_piece(std::span<const std::uint8_t> bytes, Router& router) {
    v1::LedgerPiece piece;
    if (!piece.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return fail(ErrorCode::malformed, "a piece of a snapshot that is none");
    }
    Ledger& ledger = router.ledger_to_restore();
    if (piece.has_network()) {
        std::set<FabId> fabs;
        for (const std::string& fab : piece.network().known_fabs())
            fabs.insert(FabId{fab});
        ledger.restore(
            piece.network().generation(), piece.network().reconciling(), std::move(fabs));
    }
    for (const auto& design : piece.designs()) {
        if (Status read = read_design(design, ledger); !read) return read;
    }
    for (const auto& fab : piece.fabs())
        read_fab(fab, ledger);
    for (const auto& job : piece.jobs()) {
        if (Status read = read_job(job, ledger); !read) return read;
    }
    return {};
}

}  // namespace nearfab::router
