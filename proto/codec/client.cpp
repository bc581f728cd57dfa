// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {

void read_wire(const v1::SubmitJob& from, message::SubmitJob& to, FieldCheck& check) {
    to.idempotency_key =
        check.id<Id<struct KeyTag>>("idempotency_key", from.idempotency_key()).text();
    read_field(check, "spec", from.has_spec(), from.spec(), to.spec);
}

void write_wire(const message::SubmitJob& from, v1::SubmitJob& to) {
    to.set_idempotency_key(from.idempotency_key);
    write_wire(from.spec, *to.mutable_spec());
}

void read_wire(const v1::JobAccepted& from, message::JobAccepted& to, FieldCheck& check) {
    to.job = check.id<JobId>("job", from.job());
    to.existed = from.existed();
}

void write_wire(const message::JobAccepted& from, v1::JobAccepted& to) {
    to.set_job(from.job.text());
    to.set_existed(from.existed);
}

void read_wire(const v1::AskQuote& from, message::AskQuote& to, FieldCheck& check) {
    read_field(check, "spec", from.has_spec(), from.spec(), to.spec);
    read_field(check, "facts", from.has_facts(), from.facts(), to.facts);
    read_list(check, "more_facts", from.more_facts(), limits::parts_max - 1, to.more_facts);
    const std::size_t others = to.spec.parts.empty() ? 0 : to.spec.parts.size() - 1;
    if (!to.more_facts.empty() && to.more_facts.size() != others) {
        check.refuse(ErrorCode::malformed, "more_facts", "is not one for each of the other parts");
    }
}

void write_wire(const message::AskQuote& from, v1::AskQuote& to) {
    write_wire(from.spec, *to.mutable_spec());
    write_wire(from.facts, *to.mutable_facts());
    write_list(from.more_facts, to.mutable_more_facts());
}

void read_wire(const v1::Quote& from, message::Quote& to, FieldCheck& check) {
    read_field(check, "report", from.has_report(), from.report(), to.report);
    if (from.has_plan()) read_field(check, "plan", true, from.plan(), to.plan.emplace());
    read_list(check, "more_reports", from.more_reports(), limits::parts_max - 1, to.more_reports);
    read_list(check, "bases", from.bases(), limits::footprint_bases_max, to.bases);
}

void write_wire(const message::Quote& from, v1::Quote& to) {
    write_wire(from.report, *to.mutable_report());
    if (from.plan) write_wire(*from.plan, *to.mutable_plan());
    write_list(from.more_reports, to.mutable_more_reports());
    write_list(from.bases, to.mutable_bases());
}

void read_wire(const v1::AskJobs& from, message::AskJobs& to, FieldCheck& check) {
    to.id_prefix = check.optional_id<JobId>("id_prefix", from.id_prefix()).text();
    to.include_final = from.include_final();
    to.after_job = check.optional_id<JobId>("after_job", from.after_job());
    to.after_submitted_at = check.time("after_submitted_ms", from.after_submitted_ms());
}

void write_wire(const message::AskJobs& from, v1::AskJobs& to) {
    to.set_id_prefix(from.id_prefix);
    to.set_include_final(from.include_final);
    to.set_after_job(from.after_job.text());
    to.set_after_submitted_ms(wire_time(from.after_submitted_at));
}

void read_wire(const v1::Jobs& from, message::Jobs& to, FieldCheck& check) {
    read_list(check, "jobs", from.jobs(), limits::page_rows_max, to.jobs);
    to.more = from.more();
}

void write_wire(const message::Jobs& from, v1::Jobs& to) {
    write_list(from.jobs, to.mutable_jobs());
    to.set_more(from.more);
}

void read_wire(const v1::WatchJob& from, message::WatchJob& to, FieldCheck& check) {
    to.job = check.id<JobId>("job", from.job());
    to.after_event = from.after_event();
}

void write_wire(const message::WatchJob& from, v1::WatchJob& to) {
    to.set_job(from.job.text());
    to.set_after_event(from.after_event);
}

void read_wire(const v1::JobUpdate& from, message::JobUpdate& to, FieldCheck& check) {
    read_field(check, "status", from.has_status(), from.status(), to.status);
    read_list(check, "events", from.events(), limits::page_rows_max, to.events);
    to.more = from.more();
}

void write_wire(const message::JobUpdate& from, v1::JobUpdate& to) {
    write_wire(from.status, *to.mutable_status());
    write_list(from.events, to.mutable_events());
    to.set_more(from.more);
}

void read_wire(const v1::AskWhy& from, message::AskWhy& to, FieldCheck& check) {
    to.job = check.id<JobId>("job", from.job());
    to.after_work_order =
        check.optional_id<WorkOrderId>("after_work_order", from.after_work_order());
}

void write_wire(const message::AskWhy& from, v1::AskWhy& to) {
    to.set_job(from.job.text());
    to.set_after_work_order(from.after_work_order.text());
}

void read_wire(const v1::FabWord& from, message::FabWord& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    to.text = check.text("text", from.text());
}

void write_wire(const message::FabWord& from, v1::FabWord& to) {
    to.set_fab(from.fab.text());
    to.set_text(clean_text(from.text, TextKind::text, limits::fab_word_bytes_max));
}

void read_wire(const v1::WorkOrderReason& from, message::WorkOrderReason& to, FieldCheck& check) {
    to.work_order = check.id<WorkOrderId>("work_order", from.work_order());
    to.chosen = check.optional_id<FabId>("chosen", from.chosen());
    to.at = check.time("at_ms", from.at_ms());
    read_field(check, "report", from.has_report(), from.report(), to.report);
    read_list(check, "words", from.words(), limits::match_rows_max, to.words);
    to.planned = check.optional_id<FabId>("planned", from.planned());
    to.part = check.whole<std::uint32_t>("part", from.part(), 0, limits::parts_max - 1);
}

void write_wire(const message::WorkOrderReason& from, v1::WorkOrderReason& to) {
    to.set_work_order(from.work_order.text());
    to.set_chosen(from.chosen.text());
    to.set_at_ms(wire_time(from.at));
    write_wire(from.report, *to.mutable_report());
    write_list(from.words, to.mutable_words());
    to.set_planned(from.planned.text());
    to.set_part(from.part);
}

void read_wire(const v1::Why& from, message::Why& to, FieldCheck& check) {
    to.job = check.id<JobId>("job", from.job());
    read_list(check, "work_orders", from.work_orders(), limits::work_orders_max, to.work_orders);
    to.more = from.more();
}

void write_wire(const message::Why& from, v1::Why& to) {
    to.set_job(from.job.text());
    write_list(from.work_orders, to.mutable_work_orders());
    to.set_more(from.more);
}

void read_wire(const v1::CancelJob& from, message::CancelJob& to, FieldCheck& check) {
    to.job = check.id<JobId>("job", from.job());
    to.reason = check.text("reason", from.reason());
}

void write_wire(const message::CancelJob& from, v1::CancelJob& to) {
    to.set_job(from.job.text());
    to.set_reason(clean_text(from.reason));
}

void read_wire(const v1::CancelAnswer& from, message::CancelAnswer& to, FieldCheck& check) {
    read_field(check, "status", from.has_status(), from.status(), to.status);
    to.text = check.text("text", from.text());
}

void write_wire(const message::CancelAnswer& from, v1::CancelAnswer& to) {
    write_wire(from.status, *to.mutable_status());
    to.set_text(clean_text(from.text));
}

}  // namespace nearfab::codec
