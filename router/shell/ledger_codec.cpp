// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/ledger_codec.hpp"

#include "proto/codec/codec.hpp"
#include "proto/model/text.hpp"
#include "router/shell/field_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/reading_codec.hpp"
#include "router/shell/work_log_codec.hpp"

#include "shell/ledger.pb.h"
#include <algorithm>
#include <string>

namespace nearfab::router {
namespace {

constexpr std::size_t piece_bytes = std::size_t{256} << 10U;
// Of what is packed in a closed job, and of the record around it.
constexpr std::uint32_t closed_format = 1;

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
    for (const RecentWork::Share& share : fab.recent.shares()) {
        auto& row = *to.add_recent();
        row.set_at_ms(ms_of(share.at));
        row.set_seconds(share.seconds);
    }
    to.set_heard(fab.heard);
    to.set_not_awaited(fab.not_awaited);
    to.set_written_off(fab.written_off);
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

Status read_design(const v1::DesignState& from, Ledger& ledger) {
    ContentHash hash;
    if (!read_hash(from.design(), hash)) return unreadable("a hash");
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
        fab.recent.add({time_of(row.at_ms()), row.seconds()});
    fab.heard = from.heard();
    fab.not_awaited = from.not_awaited();
    fab.written_off = from.written_off();
    if (from.suspected()) {
        fab.suspicion = FabRecord::Suspicion{from.key(), time_of(from.suspected_ms())};
    }
    ledger.restore(FabId{from.fab()}, std::move(fab));
}

Status read_closed(const v1::LedgerPiece& from, Ledger& ledger) {
    if (from.closed_jobs().empty()) return {};
    if (from.closed_format() != closed_format) return unreadable("packed jobs");
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(from.closed_jobs().data());
    std::span<const std::uint8_t> records{bytes, from.closed_jobs().size()};
    if (ledger.packs()) return ledger.restore_closed(records);
    while (!records.empty()) {
        const auto closed = take_closed_job(records);
        if (!closed) return unreadable("a packed job");
        auto job = unpack_job(closed->packed);
        if (!job) return fail(job.error());
        ledger.restore(std::move(*job));
    }
    return {};
}

std::vector<const WorkOrder*> orders_of(const Ledger& ledger, const Job& job) {
    std::vector<const WorkOrder*> orders;
    orders.reserve(job.work_orders.size());
    for (const WorkOrderId& id : job.work_orders)
        orders.push_back(ledger.work_order(id));
    return orders;
}

// Packed jobs go as they are, without being unpacked.
Status add_closed(const Ledger& ledger, Pieces& pieces) {
    std::vector<std::uint8_t> records;
    Status given;
    const auto give = [&] {
        auto& piece = pieces.piece();
        piece.set_closed_format(closed_format);
        piece.set_closed_jobs(records.data(), records.size());
        records.clear();
        given = pieces.flush();
    };
    const auto add = [&](const ClosedJob& job) {
        if (!given) return;
        put_closed_job(records, job);
        if (records.size() >= piece_bytes) give();
    };
    if (given = pieces.flush(); !given) return given;
    ledger.closed_jobs().each(add);
    for (const auto& [id, job] : ledger.jobs()) {
        if (!is_final(job.state)) continue;
        const std::string packed = pack_job(job, orders_of(ledger, job));
        add({id.text(), job.submitter.text(), job.state, job.submitted_at, packed});
    }
    if (given && !records.empty()) give();
    return given;
}

}  // namespace

Status encode_ledger(const Ledger& ledger, const GivePiece& give) {
    Pieces pieces{give};
    auto& network = *pieces.piece().mutable_network();
    network.set_generation(ledger.generation());
    network.set_reconciling(ledger.reconciling());
    network.set_inquiry(ledger.inquiry());
    network.set_restored_inquiry(ledger.restored_inquiry());
    for (const FabId& fab : ledger.known_fabs())
        network.add_known_fabs(fab.text());
    auto& calendar = *pieces.piece().mutable_calendar();
    calendar.set_clock_offset_ms(ledger.clock_offset().count());
    calendar.set_last_ms(ms_of(ledger.last()));
    calendar.set_has_days(true);
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
    for (const auto& [day, sums] : ledger.work_log().days()) {
        auto& to = *pieces.piece().add_days();
        write_day(to, day, sums);
        if (Status given = pieces.added(to.ByteSizeLong()); !given) return given;
    }
    if (Status given = add_closed(ledger, pieces); !given) return given;
    for (const auto& [id, job] : ledger.jobs()) {
        if (is_final(job.state)) continue;
        auto& to = *pieces.piece().add_jobs();
        write_job(to, job, orders_of(ledger, job));
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
        const v1::NetworkState& from = piece.network();
        Ledger::Network network{
            from.generation(), from.reconciling(), from.inquiry(), from.restored_inquiry()};
        for (const std::string& fab : from.known_fabs())
            network.known_fabs.insert(FabId{fab});
        ledger.restore(std::move(network));
    }
    if (piece.has_calendar()) {
        ledger.restore_calendar(Duration{piece.calendar().clock_offset_ms()},
                                time_of(piece.calendar().last_ms()));
        if (piece.calendar().has_days()) ledger.restore_work_log();
    }
    for (const auto& state : piece.days()) {
        auto sums = read_day(state);
        if (!sums) return fail(std::move(sums.error()));
        ledger.restore_day(state.day(), std::move(*sums));
    }
    for (const auto& design : piece.designs()) {
        if (Status read = read_design(design, ledger); !read) return read;
    }
    for (const auto& fab : piece.fabs())
        read_fab(fab, ledger);
    for (const auto& state : piece.jobs()) {
        auto job = read_job(state);
        if (!job) return fail(job.error());
        ledger.restore(std::move(*job));
    }
    ledger.settle();
    return read_closed(piece, ledger);
}

}  // namespace nearfab::router
