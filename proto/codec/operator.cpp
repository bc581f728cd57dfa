// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {

void read_wire(const v1::OperatorCommand& from, message::OperatorCommand& to, FieldCheck& check) {
    to.action = FieldCheck::word(from.action(), message::OperatorAction::load);
    to.work_order = check.optional_id<WorkOrderId>("work_order", from.work_order());
    to.machine = check.optional_id<MachineId>("machine", from.machine());
    to.text = check.text("text", from.text());
    to.material = check.optional_id<MaterialId>("material", from.material());
    to.grams = check.number("grams", from.grams(), 0, limits::mass_g_max);
    to.nothing_else = from.nothing_else();
}

void write_wire(const message::OperatorCommand& from, v1::OperatorCommand& to) {
    to.set_action(static_cast<v1::OperatorAction>(from.action));
    to.set_work_order(from.work_order.text());
    to.set_machine(from.machine.text());
    to.set_text(clean_text(from.text));
    to.set_material(from.material.text());
    to.set_grams(from.grams);
    to.set_nothing_else(from.nothing_else);
}

void read_wire(const v1::OperatorAnswer& from, message::OperatorAnswer& to, FieldCheck& check) {
    to.text = check.text("text", from.text());
}

void write_wire(const message::OperatorAnswer& from, v1::OperatorAnswer& to) {
    to.set_text(clean_text(from.text));
}

void read_wire(const v1::AskAgent&, message::AskAgent&, FieldCheck&) {}

void write_wire(const message::AskAgent&, v1::AskAgent&) {}

void read_wire(const v1::AgentMachine& from, message::AgentMachine& to, FieldCheck& check) {
    read_field(check, "capability", from.has_capability(), from.capability(), to.capability);
    to.work_order = check.optional_id<WorkOrderId>("work_order", from.work_order());
    to.detail = check.text("detail", from.detail());
}

void write_wire(const message::AgentMachine& from, v1::AgentMachine& to) {
    write_wire(from.capability, *to.mutable_capability());
    to.set_work_order(from.work_order.text());
    to.set_detail(clean_text(from.detail));
}

void read_wire(const v1::AgentWork& from, message::AgentWork& to, FieldCheck& check) {
    read_field(check, "report", from.has_report(), from.report(), to.report);
    to.title = check.line("title", from.title(), limits::title_bytes_max);
    to.phase = check.line("phase", from.phase(), limits::name_bytes_max);
    to.progress = check.fraction("progress", from.progress());
}

void write_wire(const message::AgentWork& from, v1::AgentWork& to) {
    write_wire(from.report, *to.mutable_report());
    to.set_title(from.title);
    to.set_phase(clean_text(from.phase, TextKind::line, limits::name_bytes_max));
    to.set_progress(from.progress);
}

void read_wire(const v1::AgentStatus& from, message::AgentStatus& to, FieldCheck& check) {
    to.fab_title = check.line("fab_title", from.fab_title(), limits::title_bytes_max);
    to.connected = from.connected();
    to.router = check.line("router", from.router(), limits::title_bytes_max);
    read_list(check, "machines", from.machines(), limits::machines_max, to.machines);
    read_list(check, "work", from.work(), limits::attempts_max, to.work);
}

void write_wire(const message::AgentStatus& from, v1::AgentStatus& to) {
    to.set_fab_title(from.fab_title);
    to.set_connected(from.connected);
    to.set_router(clean_text(from.router, TextKind::line, limits::title_bytes_max));
    write_list(from.machines, to.mutable_machines());
    write_list(from.work, to.mutable_work());
}

}  // namespace nearfab::codec
