// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {
namespace {

// Every message of this conversation names one attempt: a work order and its epoch.
template <typename Wire, typename Value>
void read_attempt(const Wire& from, Value& to, FieldCheck& check) {
    to.work_order = check.id<WorkOrderId>("work_order", from.work_order());
    to.epoch = check.epoch("epoch", from.epoch());
}

template <typename Value, typename Wire>
void write_attempt(const Value& from, Wire& to) {
    to.set_work_order(from.work_order.text());
    to.set_epoch(from.epoch);
}

}  // namespace

void read_wire(const v1::Offer& from, message::Offer& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.machine = check.id<MachineId>("machine", from.machine());
    read_field(check, "part", from.has_part(), from.part(), to.part);
    read_field(check, "facts", from.has_facts(), from.facts(), to.facts);
    read_field(check, "placement", from.has_placement(), from.placement(), to.placement);
    to.licence = check.line("licence", from.licence(), limits::licence_bytes_max);
    to.title = check.line("title", from.title(), limits::title_bytes_max);
    to.submitter = check.id<IdentityId>("submitter", from.submitter());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.expires_s = check.span_s("expires_s", from.expires_s());
}

void write_wire(const message::Offer& from, v1::Offer& to) {
    write_attempt(from, to);
    to.set_machine(from.machine.text());
    write_wire(from.part, *to.mutable_part());
    write_wire(from.facts, *to.mutable_facts());
    write_wire(from.placement, *to.mutable_placement());
    to.set_licence(from.licence);
    to.set_title(from.title);
    to.set_submitter(from.submitter.text());
    to.set_distance_km(from.distance_km);
    to.set_expires_s(from.expires_s);
}

void read_wire(const v1::ConfirmReservation& from,
               message::ConfirmReservation& to,
               FieldCheck& check) {
    read_attempt(from, to, check);
}

void write_wire(const message::ConfirmReservation& from, v1::ConfirmReservation& to) {
    write_attempt(from, to);
}

void read_wire(const v1::WithdrawWork& from, message::WithdrawWork& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.reason = check.text("reason", from.reason());
}

void write_wire(const message::WithdrawWork& from, v1::WithdrawWork& to) {
    write_attempt(from, to);
    to.set_reason(clean_text(from.reason));
}

void read_wire(const v1::StartRight& from, message::StartRight& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.nonce = from.nonce();
    to.machine_code = check.hash("machine_code", from.machine_code());
    to.window_ms =
        check.whole<std::int64_t>("window_ms", from.window_ms(), 1, limits::start_window_ms_max);
}

void write_wire(const message::StartRight& from, v1::StartRight& to) {
    write_attempt(from, to);
    to.set_nonce(from.nonce);
    to.set_machine_code(wire_hash(from.machine_code));
    to.set_window_ms(from.window_ms);
}

void read_wire(const v1::StartRefused& from, message::StartRefused& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.nonce = from.nonce();
    to.reason = check.text("reason", from.reason());
    to.withdrawn = from.withdrawn();
}

void write_wire(const message::StartRefused& from, v1::StartRefused& to) {
    write_attempt(from, to);
    to.set_nonce(from.nonce);
    to.set_reason(clean_text(from.reason));
    to.set_withdrawn(from.withdrawn);
}

void read_wire(const v1::StopWork& from, message::StopWork& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.reason = check.text("reason", from.reason());
}

void write_wire(const message::StopWork& from, v1::StopWork& to) {
    write_attempt(from, to);
    to.set_reason(clean_text(from.reason));
}

void read_wire(const v1::AskInventory&, message::AskInventory&, FieldCheck&) {}

void write_wire(const message::AskInventory&, v1::AskInventory&) {}

void read_wire(const v1::AcceptOffer& from, message::AcceptOffer& to, FieldCheck& check) {
    read_attempt(from, to, check);
}

void write_wire(const message::AcceptOffer& from, v1::AcceptOffer& to) {
    write_attempt(from, to);
}

void read_wire(const v1::DeclineOffer& from, message::DeclineOffer& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.reason = check.text("reason", from.reason());
}

void write_wire(const message::DeclineOffer& from, v1::DeclineOffer& to) {
    write_attempt(from, to);
    to.set_reason(clean_text(from.reason));
}

void read_wire(const v1::StartRequest& from, message::StartRequest& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.machine = check.id<MachineId>("machine", from.machine());
    to.nonce = from.nonce();
    to.design = check.hash("design", from.design());
    to.machine_code = check.hash("machine_code", from.machine_code());
    to.bed_clear = from.bed_clear();
    to.operator_present = from.operator_present();
}

void write_wire(const message::StartRequest& from, v1::StartRequest& to) {
    write_attempt(from, to);
    to.set_machine(from.machine.text());
    to.set_nonce(from.nonce);
    to.set_design(wire_hash(from.design));
    to.set_machine_code(wire_hash(from.machine_code));
    to.set_bed_clear(from.bed_clear);
    to.set_operator_present(from.operator_present);
}

void read_wire(const v1::AttemptReport& from, message::AttemptReport& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.state = FieldCheck::word(from.state(), message::AttemptState::released);
    to.machine = check.optional_id<MachineId>("machine", from.machine());
    to.machine_file = check.file_name("machine_file", from.machine_file());
    to.detail = check.text("detail", from.detail());
    to.unsafe = from.unsafe();
}

void write_wire(const message::AttemptReport& from, v1::AttemptReport& to) {
    write_attempt(from, to);
    to.set_state(static_cast<v1::AttemptState>(from.state));
    to.set_machine(from.machine.text());
    to.set_machine_file(
        clean_text(from.machine_file, TextKind::file_name, limits::file_name_bytes_max));
    to.set_detail(clean_text(from.detail));
    to.set_unsafe(from.unsafe);
}

void read_wire(const v1::Progress& from, message::Progress& to, FieldCheck& check) {
    read_attempt(from, to, check);
    to.phase = check.line("phase", from.phase(), limits::name_bytes_max);
    to.fraction = check.fraction("fraction", from.fraction());
    to.remaining_s = check.span_s("remaining_s", from.remaining_s());
}

void write_wire(const message::Progress& from, v1::Progress& to) {
    write_attempt(from, to);
    to.set_phase(clean_text(from.phase, TextKind::line, limits::name_bytes_max));
    to.set_fraction(from.fraction);
    to.set_remaining_s(from.remaining_s);
}

void read_wire(const v1::Inventory& from, message::Inventory& to, FieldCheck& check) {
    read_list(check, "attempts", from.attempts(), limits::attempts_max, to.attempts);
    to.with_ended = from.with_ended();
}

void write_wire(const message::Inventory& from, v1::Inventory& to) {
    write_list(from.attempts, to.mutable_attempts());
    to.set_with_ended(from.with_ended);
}

}  // namespace nearfab::codec
