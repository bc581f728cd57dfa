// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {

void read_wire(const v1::JobSpec& from, JobSpec& to, FieldCheck& check) {
    to.title = check.line("title", from.title(), limits::title_bytes_max);
    to.licence = check.line("licence", from.licence(), limits::licence_bytes_max);
    if (from.parts().empty()) check.refuse(ErrorCode::malformed, "parts", "a job has no part");
    read_list(check, "parts", from.parts(), limits::parts_max, to.parts);
    read_field(
        check, "place_of_use", from.has_place_of_use(), from.place_of_use(), to.place_of_use);
    if (from.has_deadline_ms()) to.deadline = check.time("deadline_ms", from.deadline_ms());
    to.objective = FieldCheck::word(from.objective(), Objective::greenest);
    if (!from.has_redo()) check.refuse(ErrorCode::malformed, "redo", "is missing");
    to.redo.kind = FieldCheck::word(from.redo().kind(), RedoRule::Kind::at_once);
    to.redo.after_s = check.span_s("redo.after_s", from.redo().after_s());
    if (!from.currency().empty()) to.currency = check.currency("currency", from.currency());
    to.carbon_price_per_t = check.rate("carbon_price_per_t", from.carbon_price_per_t());
}

void write_wire(const JobSpec& from, v1::JobSpec& to) {
    to.set_title(from.title);
    to.set_licence(from.licence);
    write_list(from.parts, to.mutable_parts());
    write_wire(from.place_of_use, *to.mutable_place_of_use());
    if (from.deadline) to.set_deadline_ms(wire_time(*from.deadline));
    to.set_objective(static_cast<v1::Objective>(from.objective));
    to.mutable_redo()->set_kind(static_cast<v1::RedoRule::Kind>(from.redo.kind));
    to.mutable_redo()->set_after_s(from.redo.after_s);
    to.set_currency(from.currency);
    to.set_carbon_price_per_t(from.carbon_price_per_t);
}

void read_wire(const v1::WorkOrderStatus& from, WorkOrderStatus& to, FieldCheck& check) {
    to.id = check.id<WorkOrderId>("id", from.id());
    to.part = check.whole<std::uint32_t>("part", from.part(), 0, limits::parts_max - 1);
    to.state = FieldCheck::word(from.state(), WorkOrderState::failed_final);
    to.epoch = from.epoch();
    to.attempts = from.attempts();
    to.fab = check.optional_id<FabId>("fab", from.fab());
    to.machine = check.optional_id<MachineId>("machine", from.machine());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.disconnected = from.disconnected();
    to.phase = check.line("phase", from.phase(), limits::name_bytes_max);
    to.progress = check.fraction("progress", from.progress());
    to.remaining_s = check.span_s("remaining_s", from.remaining_s());
    to.next = check.text("next", from.next());
    to.planned_fab = check.optional_id<FabId>("planned_fab", from.planned_fab());
    to.planned_machine = check.optional_id<MachineId>("planned_machine", from.planned_machine());
}

void write_wire(const WorkOrderStatus& from, v1::WorkOrderStatus& to) {
    to.set_id(from.id.text());
    to.set_part(from.part);
    to.set_state(static_cast<v1::WorkOrderState>(from.state));
    to.set_epoch(from.epoch);
    to.set_attempts(from.attempts);
    to.set_fab(from.fab.text());
    to.set_machine(from.machine.text());
    to.set_distance_km(from.distance_km);
    to.set_disconnected(from.disconnected);
    to.set_phase(clean_text(from.phase, TextKind::line, limits::name_bytes_max));
    to.set_progress(from.progress);
    to.set_remaining_s(from.remaining_s);
    to.set_next(clean_text(from.next));
    to.set_planned_fab(from.planned_fab.text());
    to.set_planned_machine(from.planned_machine.text());
}

void read_wire(const v1::JobPart& from, JobPart& to, FieldCheck& check) {
    to.file_name = check.file_name("file_name", from.file_name());
    to.process = check.id<ProcessId>("process", from.process());
    to.material = check.id<MaterialId>("material", from.material());
    to.quantity = check.whole<std::uint32_t>("quantity", from.quantity(), 1, limits::quantity_max);
}

void write_wire(const JobPart& from, v1::JobPart& to) {
    to.set_file_name(from.file_name);
    to.set_process(from.process.text());
    to.set_material(from.material.text());
    to.set_quantity(from.quantity);
}

void read_wire(const v1::JobStatus& from, JobStatus& to, FieldCheck& check) {
    to.id = check.id<JobId>("id", from.id());
    to.submitter = check.id<IdentityId>("submitter", from.submitter());
    to.title = check.line("title", from.title(), limits::title_bytes_max);
    to.state = FieldCheck::word(from.state(), JobState::failed);
    to.reason = check.text("reason", from.reason());
    to.cancel_wanted = from.cancel_wanted();
    to.submitted_at = check.time("submitted_at_ms", from.submitted_at_ms());
    to.changed_at = check.time("changed_at_ms", from.changed_at_ms());
    read_list(check, "work_orders", from.work_orders(), limits::work_orders_max, to.work_orders);
    to.last_event = from.last_event();
    read_list(check, "parts", from.parts(), limits::parts_max, to.parts);
    if (from.has_place_of_use()) {
        read_field(check, "place_of_use", true, from.place_of_use(), to.place_of_use.emplace());
    }
    const auto remarks = static_cast<std::size_t>(from.remarks_size());
    if (!check.at_most("remarks", remarks, limits::part_remarks_max, "entries")) return;
    for (const std::string& remark : from.remarks())
        to.remarks.push_back(check.text("remarks", remark));
}

void write_wire(const JobStatus& from, v1::JobStatus& to) {
    to.set_id(from.id.text());
    to.set_submitter(from.submitter.text());
    to.set_title(from.title);
    to.set_state(static_cast<v1::JobState>(from.state));
    to.set_reason(clean_text(from.reason));
    to.set_cancel_wanted(from.cancel_wanted);
    to.set_submitted_at_ms(wire_time(from.submitted_at));
    to.set_changed_at_ms(wire_time(from.changed_at));
    write_list(from.work_orders, to.mutable_work_orders());
    to.set_last_event(from.last_event);
    write_list(from.parts, to.mutable_parts());
    if (from.place_of_use) write_wire(*from.place_of_use, *to.mutable_place_of_use());
    for (const std::string& remark : from.remarks)
        to.add_remarks(clean_text(remark));
}

void read_wire(const v1::JobEvent& from, JobEvent& to, FieldCheck& check) {
    to.number = check.whole<std::uint64_t>("number", from.number(), 1, UINT64_MAX);
    to.at = check.time("at_ms", from.at_ms());
    to.work_order = check.optional_id<WorkOrderId>("work_order", from.work_order());
    to.text = check.text("text", from.text());
}

void write_wire(const JobEvent& from, v1::JobEvent& to) {
    to.set_number(from.number);
    to.set_at_ms(wire_time(from.at));
    to.set_work_order(from.work_order.text());
    to.set_text(clean_text(from.text));
}

}  // namespace nearfab::codec
