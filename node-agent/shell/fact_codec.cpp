// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/fact_codec.hpp"

#include "base/check.hpp"
#include "proto/codec/codec.hpp"
#include "proto/model/text.hpp"

#include "shell/agent_fact.pb.h"
#include <algorithm>
#include <string>

namespace nearfab::agent {
namespace {

void put(v1::Key& to, const AttemptKey& key) {
    to.set_work_order(key.work_order.text());
    to.set_epoch(key.epoch);
}

AttemptKey key_from(const v1::Key& key) {
    return {WorkOrderId{key.work_order()}, key.epoch()};
}

std::optional<RunHistory> history_from(bool is_there, const v1::History& history) {
    if (!is_there) return std::nullopt;
    return RunHistory{history.boot(), history.runs()};
}

// Writes a fact. Words of machines, slicers and people are cleaned on the way: bytes that are not
// UTF-8 could be written, but the journal that holds them could never be read again.
class Writer {
public:
    explicit Writer(v1::FactRecord& out) : out_{out} {}

    void operator()(const fact::Seen& f) {
        auto& to = *out_.mutable_seen();
        to.set_offer(encode_offer(f.offer));
        to.set_boot_id(f.boot_id);
        to.set_expires_boot_ms(f.expires_boot_ms);
    }
    void operator()(const fact::EpochSeen& f) { put(*out_.mutable_epoch_seen(), f.key); }
    void operator()(const fact::Declined& f) { put(*out_.mutable_declined(), f.key, f.reason); }
    void operator()(const fact::Reserved& f) { put(*out_.mutable_reserved(), f.key); }
    void operator()(const fact::Confirmed& f) { put(*out_.mutable_confirmed(), f.key); }
    void operator()(const fact::Prepared& f) {
        auto& to = *out_.mutable_prepared();
        put(*to.mutable_key(), f.key);
        to.set_machine_file(clean_text(f.machine_file));
        to.set_machine_code(std::string{f.machine_code.bytes.begin(), f.machine_code.bytes.end()});
        to.set_seconds(f.seconds);
        to.set_grams(f.grams);
    }
    void operator()(const fact::Authorised& f) {
        auto& to = *out_.mutable_authorised();
        put(*to.mutable_key(), f.key);
        to.set_boot_id(f.boot_id);
        to.set_expires_boot_ms(f.expires_boot_ms);
    }
    void operator()(const fact::Starting& f) {
        auto& to = *out_.mutable_starting();
        to.set_work_order(f.key.work_order.text());
        to.set_epoch(f.key.epoch);
        if (f.before) put(*to.mutable_before(), *f.before);
    }
    void operator()(const fact::Running& f) { put(*out_.mutable_running(), f.key); }
    void operator()(const fact::Doubted& f) {
        auto& to = *out_.mutable_doubted();
        put(*to.mutable_key(), f.key);
        to.set_reason(clean_text(f.detail));
        to.set_fault(f.fault);
    }
    void operator()(const fact::Burnt& f) { put(*out_.mutable_burnt(), f.key, f.reason); }
    void operator()(const fact::Ended& f) {
        auto& to = *out_.mutable_ended();
        put(*to.mutable_key(), f.key);
        to.set_produced(f.produced);
        to.set_detail(clean_text(f.detail));
        to.set_unsafe(f.unsafe);
    }
    void operator()(const fact::Released& f) {
        auto& to = *out_.mutable_released();
        put(*to.mutable_key(), f.key);
        to.set_reason(clean_text(f.reason));
        to.set_router_knows(f.router_knows);
    }
    void operator()(const fact::Inspected& f) {
        auto& to = *out_.mutable_inspected();
        put(*to.mutable_key(), f.key);
        to.set_good(f.good);
        to.set_detail(clean_text(f.detail));
    }
    void operator()(const fact::HandedOver& f) { put(*out_.mutable_handed_over(), f.key); }
    void operator()(const fact::Unwanted& f) {
        auto& to = *out_.mutable_unwanted();
        put(*to.mutable_key(), f.key);
        to.set_reason(clean_text(f.reason));
        to.set_stop(f.stop);
    }
    void operator()(const fact::Reported& f) {
        auto& to = *out_.mutable_reported();
        put(*to.mutable_key(), f.key);
        to.set_state(static_cast<std::uint32_t>(f.state));
    }
    void operator()(const fact::BedUsed& f) {
        out_.mutable_bed_used()->set_machine(f.machine.text());
        out_.mutable_bed_used()->set_file(clean_text(f.file));
        if (f.history) put(*out_.mutable_bed_used()->mutable_history(), *f.history);
    }
    void operator()(const fact::BedCleared& f) {
        out_.mutable_bed_cleared()->set_machine(f.machine.text());
        if (f.history) put(*out_.mutable_bed_cleared()->mutable_history(), *f.history);
    }
    void operator()(const fact::Drained& f) {
        out_.mutable_drained()->set_machine(f.machine.text());
    }
    void operator()(const fact::Resumed& f) {
        out_.mutable_resumed()->set_machine(f.machine.text());
    }
    void operator()(const fact::Closed& f) {
        out_.mutable_closed()->set_machine(f.machine.text());
        out_.mutable_closed()->set_reason(clean_text(f.reason));
    }
    void operator()(const fact::Obeyed& f) {
        auto& to = *out_.mutable_obeyed();
        to.set_operator_name(f.operator_name.text());
        to.set_key(f.said_as);
        to.set_action(static_cast<std::uint32_t>(f.command.action));
        to.set_work_order(f.command.work_order.text());
        to.set_machine(f.command.machine.text());
        to.set_text(clean_text(f.command.text));
        to.set_material(f.command.material.text());
        to.set_grams(f.command.grams);
        to.set_nothing_else(f.command.nothing_else);
        to.set_answer(clean_text(f.answer));
    }
    void operator()(const fact::Paused& f) { put(*out_.mutable_paused(), f.key); }
    void operator()(const fact::WentOn& f) { put(*out_.mutable_went_on(), f.key); }
    void operator()(const fact::Plated& f) {
        auto& to = *out_.mutable_plated();
        put(*to.mutable_key(), f.key);
        for (const AttemptKey& rider : f.riders)
            put(*to.add_riders(), rider);
        to.set_machine_file(clean_text(f.machine_file));
        to.set_machine_code(std::string{f.machine_code.bytes.begin(), f.machine_code.bytes.end()});
        to.set_seconds(f.seconds);
        to.set_grams(f.grams);
    }
    void operator()(const fact::Unplated& f) { put(*out_.mutable_unplated(), f.key, f.reason); }
    void operator()(const fact::Loaded& f) {
        auto& to = *out_.mutable_loaded();
        to.set_machine(f.machine.text());
        to.set_material(f.material.text());
        to.set_grams(f.grams);
        to.set_configured(f.configured);
        for (const fact::UsedByRun& run : f.runs) {
            auto& used = *to.add_runs();
            put(*used.mutable_key(), run.key);
            used.set_grams(run.grams);
        }
    }

private:
    static void put(v1::Key& to, const AttemptKey& key) { agent::put(to, key); }
    static void put(v1::History& to, const RunHistory& history) {
        to.set_boot(clean_text(history.boot));
        to.set_runs(history.runs);
    }
    static void put(v1::Reason& to, const AttemptKey& key, const std::string& reason) {
        agent::put(*to.mutable_key(), key);
        to.set_reason(clean_text(reason));
    }

    v1::FactRecord& out_;
};

Result<Fact> seen_from(const v1::Seen& from) {
    auto offer = decode_offer(from.offer());
    if (!offer) return fail(offer.error());
    return fact::Seen{std::move(*offer), from.boot_id(), from.expires_boot_ms()};
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

Result<Fact> prepared_from(const v1::Prepared& from) {
    const auto code = hash_from(from.machine_code());
    if (!code) return fail(code.error());
    return fact::Prepared{
        key_from(from.key()), from.machine_file(), *code, from.seconds(), from.grams()};
}

Result<Fact> plated_from(const v1::Plated& from) {
    const auto code = hash_from(from.machine_code());
    if (!code) return fail(code.error());
    fact::Plated fact{
        key_from(from.key()), {}, from.machine_file(), *code, from.seconds(), from.grams()};
    for (const v1::Key& rider : from.riders())
        fact.riders.push_back(key_from(rider));
    return fact;
}

Result<Fact> reported_from(const v1::Reported& from) {
    if (from.state() > static_cast<std::uint32_t>(message::AttemptState::released)) {
        return fail(ErrorCode::malformed,
                    "the attempt state " + std::to_string(from.state()) + " is unknown");
    }
    return fact::Reported{key_from(from.key()), static_cast<message::AttemptState>(from.state())};
}

Result<Fact> obeyed_from(const v1::Obeyed& from) {
    if (from.action() > static_cast<std::uint32_t>(message::OperatorAction::load)) {
        return fail(ErrorCode::malformed,
                    "the operator's action " + std::to_string(from.action()) + " is unknown");
    }
    return fact::Obeyed{IdentityId{from.operator_name()},
                        from.key(),
                        {static_cast<message::OperatorAction>(from.action()),
                         WorkOrderId{from.work_order()},
                         MachineId{from.machine()},
                         from.text(),
                         MaterialId{from.material()},
                         from.grams(),
                         from.nothing_else()},
                        from.answer()};
}

Fact loaded_from(const v1::Loaded& from) {
    fact::Loaded fact{
        MachineId{from.machine()}, MaterialId{from.material()}, from.grams(), from.configured()};
    for (const v1::UsedByRun& run : from.runs())
        fact.runs.push_back({key_from(run.key()), run.grams()});
    return fact;
}

Result<Fact> fact_from(const v1::FactRecord& in) {
    using Case = v1::FactRecord::FactCase;
    switch (in.fact_case()) {
        case Case::kSeen:
            return seen_from(in.seen());
        case Case::kEpochSeen:
            return fact::EpochSeen{key_from(in.epoch_seen())};
        case Case::kDeclined:
            return fact::Declined{key_from(in.declined().key()), in.declined().reason()};
        case Case::kReserved:
            return fact::Reserved{key_from(in.reserved())};
        case Case::kConfirmed:
            return fact::Confirmed{key_from(in.confirmed())};
        case Case::kPrepared:
            return prepared_from(in.prepared());
        case Case::kAuthorised:
            return fact::Authorised{key_from(in.authorised().key()),
                                    in.authorised().boot_id(),
                                    in.authorised().expires_boot_ms()};
        case Case::kStarting:
            return fact::Starting{{WorkOrderId{in.starting().work_order()}, in.starting().epoch()},
                                  history_from(in.starting().has_before(), in.starting().before())};
        case Case::kRunning:
            return fact::Running{key_from(in.running())};
        case Case::kDoubted:
            return fact::Doubted{
                key_from(in.doubted().key()), in.doubted().reason(), in.doubted().fault()};
        case Case::kBurnt:
            return fact::Burnt{key_from(in.burnt().key()), in.burnt().reason()};
        case Case::kEnded:
            return fact::Ended{key_from(in.ended().key()),
                               in.ended().produced(),
                               in.ended().detail(),
                               in.ended().unsafe()};
        case Case::kReleased:
            return fact::Released{key_from(in.released().key()),
                                  in.released().reason(),
                                  in.released().router_knows()};
        case Case::kInspected:
            return fact::Inspected{
                key_from(in.inspected().key()), in.inspected().good(), in.inspected().detail()};
        case Case::kHandedOver:
            return fact::HandedOver{key_from(in.handed_over())};
        case Case::kUnwanted:
            return fact::Unwanted{
                key_from(in.unwanted().key()), in.unwanted().reason(), in.unwanted().stop()};
        case Case::kReported:
            return reported_from(in.reported());
        case Case::kBedUsed:
            return fact::BedUsed{
                MachineId{in.bed_used().machine()},
                in.bed_used().file(),
                history_from(in.bed_used().has_history(), in.bed_used().history())};
        case Case::kBedCleared:
            return fact::BedCleared{
                MachineId{in.bed_cleared().machine()},
                history_from(in.bed_cleared().has_history(), in.bed_cleared().history())};
        case Case::kDrained:
            return fact::Drained{MachineId{in.drained().machine()}};
        case Case::kResumed:
            return fact::Resumed{MachineId{in.resumed().machine()}};
        case Case::kClosed:
            return fact::Closed{MachineId{in.closed().machine()}, in.closed().reason()};
        case Case::kObeyed:
            return obeyed_from(in.obeyed());
        case Case::kPaused:
            return fact::Paused{key_from(in.paused())};
        case Case::kWentOn:
            return fact::WentOn{key_from(in.went_on())};
        case Case::kPlated:
            return plated_from(in.plated());
        case Case::kUnplated:
            return fact::Unplated{key_from(in.unplated().key()), in.unplated().reason()};
        case Case::kLoaded:
            return loaded_from(in.loaded());
        case Case::FACT_NOT_SET:
            break;
    }
    return fail(ErrorCode::malformed,
                "a fact of a kind that this agent does not know",
                "start the nearfab-agent version that wrote it");
}

}  // namespace

std::vector<std::uint8_t> encode_fact(const Fact& fact) {
    v1::FactRecord record;
    std::visit(Writer{record}, fact);
    std::vector<std::uint8_t> bytes(record.ByteSizeLong());
    const bool written = record.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
    NEARFAB_CHECK(written, "a fact has no required field that could be missing");
    return bytes;
}

Result<Fact> decode_fact(std::span<const std::uint8_t> bytes) {
    v1::FactRecord record;
    if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return fail(ErrorCode::malformed, "bytes that are no fact");
    }
    return fact_from(record);
}

}  // namespace nearfab::agent
