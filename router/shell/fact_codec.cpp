// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/fact_codec.hpp"

#include "proto/codec/codec.hpp"
#include "proto/model/text.hpp"
#include "router/shell/reading_codec.hpp"

#include <google/protobuf/arena.h>

#include "shell/fact.pb.h"
#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace nearfab::router {
namespace {

std::string bytes_of(const ContentHash& hash) {
    return {hash.bytes.begin(), hash.bytes.end()};
}

Result<ContentHash> hash_from(const std::string& bytes) {
    ContentHash hash;
    if (bytes.size() != hash.bytes.size()) {
        return fail(ErrorCode::malformed,
                    "a hash of " + std::to_string(bytes.size()) + " bytes instead of 32");
    }
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return hash;
}

// Free texts are cleaned: Protobuf writes text that is not UTF-8 but does not read it again.
class Writer {
public:
    explicit Writer(v1::FactRecord& out) : out_{out} {}

    void operator()(const JobSubmitted& fact) {
        auto& to = *out_.mutable_job_submitted();
        to.set_job(fact.job.text());
        to.set_submitter(fact.submitter.text());
        to.set_idempotency_key(fact.idempotency_key);
        to.set_spec(encode_job_spec(fact.spec));
    }
    void operator()(const DesignAnalysed& fact) {
        auto& to = *out_.mutable_design_analysed();
        write_reading(fact.design, to);
        to.set_facts(encode_part_facts(fact.facts));
        to.set_analysis(fact.analysis);
    }
    void operator()(const DesignRefused& fact) {
        auto& to = *out_.mutable_design_refused();
        write_reading(fact.design, to);
        to.set_in_any_unit(fact.in_any_unit);
        to.set_code(static_cast<std::uint32_t>(fact.error.code));
        to.set_message(clean_text(fact.error.message));
        to.set_next(clean_text(fact.error.next));
        to.set_analysis(fact.analysis);
    }
    void operator()(const WorkQueued& fact) {
        out_.mutable_work_queued()->set_job(fact.job.text());
    }
    void operator()(const WorkPlanned& fact) {
        auto& to = *out_.mutable_work_planned();
        to.set_job(fact.job.text());
        to.set_plan(encode_job_plan(fact.plan));
        to.mutable_pieces()->Add(fact.pieces.begin(), fact.pieces.end());
        to.set_reason(clean_text(fact.reason));
    }
    void operator()(const WorkOffered& fact) {
        auto& to = *out_.mutable_work_offered();
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_chosen(encode_match_report(MatchReport{{fact.chosen}, {}, {}, 1}));
        to.set_report(encode_match_report(fact.report));
        to.set_by_hand(fact.by_hand);
        to.set_energy_confidence(clean_text(fact.energy_confidence));
    }
    void operator()(const WorkWaits& fact) {
        auto& to = *out_.mutable_work_waits();
        to.set_work_order(fact.work_order.text());
        to.set_reason(clean_text(fact.reason));
        to.set_report(encode_match_report(fact.report));
    }
    void operator()(const WorkMoved& fact) {
        auto& to = *out_.mutable_work_moved();
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_event(static_cast<std::uint32_t>(fact.event));
        to.set_detail(clean_text(fact.detail));
        if (fact.event == WorkEvent::authorised) to.set_machine_code(bytes_of(fact.machine_code));
        to.set_refused_by_fab(fact.refused_by_fab);
        to.set_unsafe(fact.unsafe);
        to.set_run(clean_text(fact.run));
    }
    void operator()(const DoubtCounted& fact) {
        auto& to = *out_.mutable_doubt_counted();
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_seconds(fact.seconds);
    }
    void operator()(const ClockSet& fact) {
        out_.mutable_clock_set()->set_offset_ms(fact.offset.count());
    }
    void operator()(const SurplusFound& fact) {
        auto& to = *out_.mutable_surplus_found();
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_fab(fact.fab.text());
        to.set_detail(clean_text(fact.detail));
        to.set_satisfies(fact.satisfies);
    }
    void operator()(const PieceMissing& fact) {
        auto& to = *out_.mutable_piece_missing();
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_fab(fact.fab.text());
        to.set_found(fact.found);
    }
    void operator()(const CancelWanted& fact) {
        auto& to = *out_.mutable_cancel_wanted();
        to.set_job(fact.job.text());
        to.set_reason(clean_text(fact.reason));
    }
    void operator()(const JobMoved& fact) {
        auto& to = *out_.mutable_job_moved();
        to.set_job(fact.job.text());
        to.set_state(static_cast<std::uint32_t>(fact.state));
        to.set_reason(clean_text(fact.reason));
    }
    void operator()(const EpochRaised& fact) {
        auto& to = *out_.mutable_epoch_raised();
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_fab(fact.fab.text());
    }
    void operator()(const AttemptAdopted& fact) { write(fact, *out_.mutable_attempt_adopted()); }
    void operator()(const AttemptClaimed& fact) { write(fact, *out_.mutable_attempt_claimed()); }
    void operator()(const FabHeard& fact) { out_.mutable_fab_heard()->set_fab(fact.fab.text()); }
    void operator()(const FabWrittenOff& fact) {
        out_.mutable_fab_written_off()->set_fab(fact.fab.text());
    }
    void operator()(const FabSuspected& fact) {
        out_.mutable_fab_suspected()->set_fab(fact.fab.text());
        out_.mutable_fab_suspected()->set_key(fact.key);
    }
    void operator()(const GenerationBegan& fact) {
        out_.mutable_generation_began()->set_generation(fact.generation);
        out_.mutable_generation_began()->set_restored(fact.restored);
    }
    void operator()(const Reconciled& fact) {
        out_.mutable_reconciled()->set_how(clean_text(fact.how));
    }
    void operator()(const FabCleared& fact) {
        out_.mutable_fab_cleared()->set_fab(fact.fab.text());
        out_.mutable_fab_cleared()->set_reason(clean_text(fact.reason));
    }

private:
    // An attempt of the time that restored records lack.
    static void write(const auto& fact, auto& to) {
        to.set_work_order(fact.work_order.text());
        to.set_epoch(fact.epoch);
        to.set_fab(fact.fab.text());
        to.set_machine(fact.machine.text());
        to.set_distance_km(fact.distance_km);
    }

    v1::FactRecord& out_;
};

Result<Fact> read(const v1::JobSubmitted& from) {
    auto spec = decode_job_spec(from.spec());
    if (!spec) return fail(spec.error());
    return JobSubmitted{
        JobId{from.job()}, IdentityId{from.submitter()}, from.idempotency_key(), std::move(*spec)};
}

// The first version of the analysis did not write its number down.
std::uint32_t version_of(std::uint32_t written) {
    return std::max(written, std::uint32_t{1});
}

template <typename Message>
Result<DesignReading> reading_from(const Message& from) {
    auto hash = hash_from(from.design());
    if (!hash) return fail(hash.error());
    return read_reading(*hash, from);
}

Result<Fact> read(const v1::DesignAnalysed& from) {
    auto design = reading_from(from);
    if (!design) return fail(design.error());
    auto facts = decode_part_facts(from.facts());
    if (!facts) return fail(facts.error());
    return DesignAnalysed{*design, std::move(*facts), version_of(from.analysis())};
}

Result<Fact> read(const v1::DesignRefused& from) {
    auto design = reading_from(from);
    if (!design) return fail(design.error());
    return DesignRefused{*design,
                         {static_cast<ErrorCode>(from.code()), from.message(), from.next()},
                         version_of(from.analysis()),
                         from.in_any_unit()};
}

Result<Fact> read(const v1::WorkPlanned& from) {
    auto plan = decode_job_plan(from.plan());
    if (!plan) return fail(plan.error());
    std::uint64_t places = 0;
    for (const PlanRow& row : plan->rows)
        places += row.pieces;
    if (places > static_cast<std::uint64_t>(from.pieces_size())) {
        return fail(ErrorCode::malformed, "a plan with more places than pieces");
    }
    return WorkPlanned{JobId{from.job()},
                       std::move(*plan),
                       {from.pieces().begin(), from.pieces().end()},
                       from.reason()};
}

Result<Fact> read(const v1::WorkOffered& from) {
    auto chosen = decode_match_report(from.chosen());
    if (!chosen) return fail(chosen.error());
    if (chosen->candidates.size() != 1) {
        return fail(ErrorCode::malformed, "an offer to nobody or to several");
    }
    auto report = decode_match_report(from.report());
    if (!report) return fail(report.error());
    return WorkOffered{WorkOrderId{from.work_order()},
                       from.epoch(),
                       std::move(chosen->candidates.front()),
                       std::move(*report),
                       from.by_hand(),
                       from.energy_confidence()};
}

Result<Fact> read(const v1::WorkWaits& from) {
    auto report = decode_match_report(from.report());
    if (!report) return fail(report.error());
    return WorkWaits{WorkOrderId{from.work_order()}, from.reason(), std::move(*report)};
}

Result<Fact> read(const v1::WorkMoved& from) {
    if (from.event() == 0 || from.event() > work_event_count) {
        return fail(ErrorCode::unsupported,
                    "a step of a work order that this router does not know (number " +
                        std::to_string(from.event()) + ")");
    }
    WorkMoved fact;
    fact.work_order = WorkOrderId{from.work_order()};
    fact.epoch = from.epoch();
    fact.event = static_cast<WorkEvent>(from.event());
    fact.detail = from.detail();
    fact.refused_by_fab = from.refused_by_fab();
    fact.unsafe = from.unsafe();
    fact.run = from.run();
    if (fact.event == WorkEvent::authorised) {
        auto code = hash_from(from.machine_code());
        if (!code) return fail(code.error());
        fact.machine_code = *code;
    }
    return fact;
}

template <typename Attempt>
Attempt read_attempt(const auto& from) {
    return Attempt{WorkOrderId{from.work_order()},
                   from.epoch(),
                   FabId{from.fab()},
                   MachineId{from.machine()},
                   from.distance_km()};
}

Result<Fact> read(const v1::JobMoved& from) {
    if (from.state() == 0 || from.state() > static_cast<std::uint32_t>(JobState::failed)) {
        return fail(ErrorCode::unsupported, "a state of a job that this router does not know");
    }
    return JobMoved{JobId{from.job()}, static_cast<JobState>(from.state()), from.reason()};
}

}  // namespace

std::vector<std::uint8_t> encode_fact(const Fact& fact) {
    // Every event of every job passes here: what a fact is made of lies on the stack, mostly.
    std::array<char, 1024> room;
    google::protobuf::ArenaOptions options;
    options.initial_block = room.data();
    options.initial_block_size = room.size();
    google::protobuf::Arena arena{options};
    auto& record = *google::protobuf::Arena::CreateMessage<v1::FactRecord>(&arena);
    std::visit(Writer{record}, fact);
    std::vector<std::uint8_t> bytes(record.ByteSizeLong());
    record.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

Result<Fact> decode_fact(std::span<const std::uint8_t> bytes) {
    v1::FactRecord record;
    if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return fail(ErrorCode::malformed, "the bytes are no fact");
    }
    switch (record.fact_case()) {
        case v1::FactRecord::kJobSubmitted:
            return read(record.job_submitted());
        case v1::FactRecord::kDesignAnalysed:
            return read(record.design_analysed());
        case v1::FactRecord::kDesignRefused:
            return read(record.design_refused());
        case v1::FactRecord::kWorkQueued:
            return WorkQueued{JobId{record.work_queued().job()}};
        case v1::FactRecord::kWorkPlanned:
            return read(record.work_planned());
        case v1::FactRecord::kWorkOffered:
            return read(record.work_offered());
        case v1::FactRecord::kWorkWaits:
            return read(record.work_waits());
        case v1::FactRecord::kWorkMoved:
            return read(record.work_moved());
        case v1::FactRecord::kSurplusFound: {
            const auto& from = record.surplus_found();
            return SurplusFound{WorkOrderId{from.work_order()},
                                from.epoch(),
                                FabId{from.fab()},
                                from.detail(),
                                from.satisfies()};
        }
        case v1::FactRecord::kPieceMissing: {
            const auto& from = record.piece_missing();
            return PieceMissing{
                WorkOrderId{from.work_order()}, from.epoch(), FabId{from.fab()}, from.found()};
        }
        case v1::FactRecord::kCancelWanted:
            return CancelWanted{JobId{record.cancel_wanted().job()},
                                record.cancel_wanted().reason()};
        case v1::FactRecord::kJobMoved:
            return read(record.job_moved());
        case v1::FactRecord::kEpochRaised: {
            const auto& from = record.epoch_raised();
            return EpochRaised{WorkOrderId{from.work_order()}, from.epoch(), FabId{from.fab()}};
        }
        case v1::FactRecord::kAttemptAdopted:
            return read_attempt<AttemptAdopted>(record.attempt_adopted());
        case v1::FactRecord::kAttemptClaimed:
            return read_attempt<AttemptClaimed>(record.attempt_claimed());
        case v1::FactRecord::kDoubtCounted: {
            const auto& from = record.doubt_counted();
            return DoubtCounted{WorkOrderId{from.work_order()}, from.epoch(), from.seconds()};
        }
        case v1::FactRecord::kClockSet:
            return ClockSet{Duration{record.clock_set().offset_ms()}};
        case v1::FactRecord::kFabHeard:
            return FabHeard{FabId{record.fab_heard().fab()}};
        case v1::FactRecord::kFabWrittenOff:
            return FabWrittenOff{FabId{record.fab_written_off().fab()}};
        case v1::FactRecord::kFabSuspected:
            return FabSuspected{FabId{record.fab_suspected().fab()}, record.fab_suspected().key()};
        case v1::FactRecord::kFabCleared:
            return FabCleared{FabId{record.fab_cleared().fab()}, record.fab_cleared().reason()};
        case v1::FactRecord::kGenerationBegan:
            return GenerationBegan{record.generation_began().generation(),
                                   record.generation_began().restored()};
        case v1::FactRecord::kReconciled:
            return Reconciled{record.reconciled().how()};
        case v1::FactRecord::FACT_NOT_SET:
            break;
    }
    return fail(ErrorCode::unsupported, "a fact that this router does not know");
}

}  // namespace nearfab::router
