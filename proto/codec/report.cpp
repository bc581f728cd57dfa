// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {
namespace {

constexpr double hhi_max = 10'000;

std::uint64_t count(FieldCheck& check, std::string_view field, std::uint64_t value) {
    return check.whole<std::uint64_t>(field, value, 0, limits::report_figure_max);
}

std::int64_t machine_time(FieldCheck& check, std::string_view field, std::int64_t value) {
    return check.whole<std::int64_t>(field, value, 0, limits::report_figure_max);
}

std::string title(FieldCheck& check, std::string_view field, const std::string& value) {
    return check.line(field, value, limits::title_bytes_max);
}

std::string as_title(const std::string& text) {
    return clean_text(text, TextKind::line, limits::title_bytes_max);
}

// A process and a material, as several rows have them.
template <typename Wire, typename Row>
void read_kind(const Wire& from, Row& to, FieldCheck& check) {
    to.process = check.id<ProcessId>("process", from.process());
    to.material = check.id<MaterialId>("material", from.material());
}

template <typename Row, typename Wire>
void write_kind(const Row& from, Wire& to) {
    to.set_process(from.process.text());
    to.set_material(from.material.text());
}

}  // namespace

void read_wire(const v1::AskReport& from, message::AskReport& to, FieldCheck& check) {
    to.days = check.whole<std::uint32_t>("days", from.days(), 0, limits::report_days_max);
}

void write_wire(const message::AskReport& from, v1::AskReport& to) {
    to.set_days(from.days);
}

void read_wire(const v1::DistanceReport& from, DistanceReport& to, FieldCheck& check) {
    to.pieces = count(check, "pieces", from.pieces());
    to.unknown = count(check, "unknown", from.unknown());
    to.median_km = check.distance_km("median_km", from.median_km());
    to.p90_km = check.distance_km("p90_km", from.p90_km());
    to.longest_km = check.distance_km("longest_km", from.longest_km());
    if (static_cast<std::size_t>(from.histogram_size()) != to.histogram.size()) {
        check.refuse(ErrorCode::malformed,
                     "histogram",
                     "has " + std::to_string(from.histogram_size()) + " counts instead of " +
                         std::to_string(to.histogram.size()));
        return;
    }
    for (std::size_t i = 0; i < to.histogram.size(); ++i)
        to.histogram[i] = count(check, "histogram", from.histogram(static_cast<int>(i)));
}

void write_wire(const DistanceReport& from, v1::DistanceReport& to) {
    to.set_pieces(from.pieces);
    to.set_unknown(from.unknown);
    to.set_median_km(from.median_km);
    to.set_p90_km(from.p90_km);
    to.set_longest_km(from.longest_km);
    to.mutable_histogram()->Add(from.histogram.begin(), from.histogram.end());
}

void read_wire(const v1::FabShare& from, FabShare& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    to.title = title(check, "title", from.title());
    to.owner = title(check, "owner", from.owner());
    to.there = from.there();
    to.pieces = count(check, "pieces", from.pieces());
    to.machine_s = machine_time(check, "machine_s", from.machine_s());
}

void write_wire(const FabShare& from, v1::FabShare& to) {
    to.set_fab(from.fab.text());
    to.set_title(as_title(from.title));
    to.set_owner(as_title(from.owner));
    to.set_there(from.there);
    to.set_pieces(from.pieces);
    to.set_machine_s(from.machine_s);
}

void read_wire(const v1::ShareReport& from, ShareReport& to, FieldCheck& check) {
    to.hhi_pieces = check.number("hhi_pieces", from.hhi_pieces(), 0, hhi_max);
    to.hhi_machine_time = check.number("hhi_machine_time", from.hhi_machine_time(), 0, hhi_max);
    to.fabs = from.fabs();
    read_list(check, "rows", from.rows(), limits::report_fabs_max, to.rows);
    to.rest_pieces = count(check, "rest_pieces", from.rest_pieces());
    to.rest_machine_s = machine_time(check, "rest_machine_s", from.rest_machine_s());
}

void write_wire(const ShareReport& from, v1::ShareReport& to) {
    to.set_hhi_pieces(from.hhi_pieces);
    to.set_hhi_machine_time(from.hhi_machine_time);
    to.set_fabs(from.fabs);
    write_list(from.rows, to.mutable_rows());
    to.set_rest_pieces(from.rest_pieces);
    to.set_rest_machine_s(from.rest_machine_s);
}

void read_wire(const v1::ProcessUse& from, ProcessUse& to, FieldCheck& check) {
    to.process = check.id<ProcessId>("process", from.process());
    to.pieces = count(check, "pieces", from.pieces());
    to.machine_s = machine_time(check, "machine_s", from.machine_s());
    to.fabs_there = from.fabs_there();
    to.owners_there = from.owners_there();
    to.machines_there = from.machines_there();
}

void write_wire(const ProcessUse& from, v1::ProcessUse& to) {
    to.set_process(from.process.text());
    to.set_pieces(from.pieces);
    to.set_machine_s(from.machine_s);
    to.set_fabs_there(from.fabs_there);
    to.set_owners_there(from.owners_there);
    to.set_machines_there(from.machines_there);
}

void read_wire(const v1::ReportSize& from, ReportSize& to, FieldCheck& check) {
    to.x_mm = check.length_mm("x_mm", from.x_mm());
    to.y_mm = check.length_mm("y_mm", from.y_mm());
    to.z_mm = check.length_mm("z_mm", from.z_mm());
}

void write_wire(const ReportSize& from, v1::ReportSize& to) {
    to.set_x_mm(from.x_mm);
    to.set_y_mm(from.y_mm);
    to.set_z_mm(from.z_mm);
}

void read_wire(const v1::HangingCapability& from, HangingCapability& to, FieldCheck& check) {
    read_kind(from, to, check);
    to.hangs_on = FieldCheck::word(from.hangs_on(), HangsOn::size);
    to.fab = check.optional_id<FabId>("fab", from.fab());
    to.owner = title(check, "owner", from.owner());
    read_field(check, "envelope", from.has_envelope(), from.envelope(), to.envelope);
    if (from.has_elsewhere()) {
        read_field(check, "elsewhere", true, from.elsewhere(), to.elsewhere.emplace());
    }
    to.fabs_there = from.fabs_there();
    to.fabs_away = from.fabs_away();
    to.pieces = count(check, "pieces", from.pieces());
}

void write_wire(const HangingCapability& from, v1::HangingCapability& to) {
    write_kind(from, to);
    to.set_hangs_on(static_cast<v1::HangsOn>(from.hangs_on));
    to.set_fab(from.fab.text());
    to.set_owner(as_title(from.owner));
    write_wire(from.envelope, *to.mutable_envelope());
    if (from.elsewhere) write_wire(*from.elsewhere, *to.mutable_elsewhere());
    to.set_fabs_there(from.fabs_there);
    to.set_fabs_away(from.fabs_away);
    to.set_pieces(from.pieces);
}

void read_wire(const v1::CapabilityReport& from, CapabilityReport& to, FieldCheck& check) {
    to.fabs_known = from.fabs_known();
    to.fabs_there = from.fabs_there();
    to.owners_there = from.owners_there();
    to.machines_there = from.machines_there();
    to.all = from.all();
    to.single_fab = from.single_fab();
    to.single_owner = from.single_owner();
    to.single_size = from.single_size();
    read_list(check, "rows", from.rows(), limits::report_rows_max, to.rows);
    to.left_out = from.left_out();
}

void write_wire(const CapabilityReport& from, v1::CapabilityReport& to) {
    to.set_fabs_known(from.fabs_known);
    to.set_fabs_there(from.fabs_there);
    to.set_owners_there(from.owners_there);
    to.set_machines_there(from.machines_there);
    to.set_all(from.all);
    to.set_single_fab(from.single_fab);
    to.set_single_owner(from.single_owner);
    to.set_single_size(from.single_size);
    write_list(from.rows, to.mutable_rows());
    to.set_left_out(from.left_out);
}

void read_wire(const v1::LostWork& from, LostWork& to, FieldCheck& check) {
    read_kind(from, to, check);
    read_field(check, "size", from.has_size(), from.size(), to.size);
    to.pieces = count(check, "pieces", from.pieces());
    to.lacks = FieldCheck::word(from.lacks(), WaitsFor::trusted);
}

void write_wire(const LostWork& from, v1::LostWork& to) {
    write_kind(from, to);
    write_wire(from.size, *to.mutable_size());
    to.set_pieces(from.pieces);
    to.set_lacks(static_cast<v1::WaitsFor>(from.lacks));
}

void read_wire(const v1::LostCapability& from, LostCapability& to, FieldCheck& check) {
    read_kind(from, to, check);
    read_field(check, "envelope", from.has_envelope(), from.envelope(), to.envelope);
    if (from.has_elsewhere()) {
        read_field(check, "elsewhere", true, from.elsewhere(), to.elsewhere.emplace());
    }
}

void write_wire(const LostCapability& from, v1::LostCapability& to) {
    write_kind(from, to);
    write_wire(from.envelope, *to.mutable_envelope());
    if (from.elsewhere) write_wire(*from.elsewhere, *to.mutable_elsewhere());
}

void read_wire(const v1::WithoutFab& from, WithoutFab& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    to.title = title(check, "title", from.title());
    to.by_machines = from.by_machines();
    to.pieces = count(check, "pieces", from.pieces());
    to.machine_s = machine_time(check, "machine_s", from.machine_s());
    to.asked_pieces = count(check, "asked_pieces", from.asked_pieces());
    to.asked_parts = from.asked_parts();
    to.elsewhere_pieces = count(check, "elsewhere_pieces", from.elsewhere_pieces());
    to.nobody_pieces = count(check, "nobody_pieces", from.nobody_pieces());
    to.nobody_parts = from.nobody_parts();
    if (from.has_median_km_now()) {
        to.median_km_now = check.distance_km("median_km_now", from.median_km_now());
    }
    if (from.has_median_km_elsewhere()) {
        to.median_km_elsewhere =
            check.distance_km("median_km_elsewhere", from.median_km_elsewhere());
    }
    read_list(check, "rows", from.rows(), limits::report_rows_max, to.rows);
    to.rows_left_out = from.rows_left_out();
    to.capabilities_lost = from.capabilities_lost();
    to.capabilities_smaller = from.capabilities_smaller();
    read_list(check, "capabilities", from.capabilities(), limits::report_rows_max, to.capabilities);
    to.capabilities_left_out = from.capabilities_left_out();
}

void write_wire(const WithoutFab& from, v1::WithoutFab& to) {
    to.set_fab(from.fab.text());
    to.set_title(as_title(from.title));
    to.set_by_machines(from.by_machines);
    to.set_pieces(from.pieces);
    to.set_machine_s(from.machine_s);
    to.set_asked_pieces(from.asked_pieces);
    to.set_asked_parts(from.asked_parts);
    to.set_elsewhere_pieces(from.elsewhere_pieces);
    to.set_nobody_pieces(from.nobody_pieces);
    to.set_nobody_parts(from.nobody_parts);
    if (from.median_km_now) to.set_median_km_now(*from.median_km_now);
    if (from.median_km_elsewhere) to.set_median_km_elsewhere(*from.median_km_elsewhere);
    write_list(from.rows, to.mutable_rows());
    to.set_rows_left_out(from.rows_left_out);
    to.set_capabilities_lost(from.capabilities_lost);
    to.set_capabilities_smaller(from.capabilities_smaller);
    write_list(from.capabilities, to.mutable_capabilities());
    to.set_capabilities_left_out(from.capabilities_left_out);
}

void read_wire(const v1::ConfidenceCount& from, ConfidenceCount& to, FieldCheck& check) {
    to.confidence = check.line("confidence", from.confidence(), limits::name_bytes_max);
    to.pieces = count(check, "pieces", from.pieces());
}

void write_wire(const ConfidenceCount& from, v1::ConfidenceCount& to) {
    to.set_confidence(clean_text(from.confidence, TextKind::line, limits::name_bytes_max));
    to.set_pieces(from.pieces);
}

void read_wire(const v1::EmissionShare& from, EmissionShare& to, FieldCheck& check) {
    to.pieces = count(check, "pieces", from.pieces());
    read_field(check, "sum", from.has_sum(), from.sum(), to.sum);
    to.method = check.text("method", from.method());
    read_list(check, "confidence", from.confidence(), limits::report_rows_max, to.confidence);
}

void write_wire(const EmissionShare& from, v1::EmissionShare& to) {
    to.set_pieces(from.pieces);
    write_wire(from.sum, *to.mutable_sum());
    to.set_method(clean_text(from.method));
    write_list(from.confidence, to.mutable_confidence());
}

void read_wire(const v1::EmissionReport& from, EmissionReport& to, FieldCheck& check) {
    read_field(check, "material", from.has_material(), from.material(), to.material);
    read_field(check, "energy", from.has_energy(), from.energy(), to.energy);
    read_field(check, "transport", from.has_transport(), from.transport(), to.transport);
    to.complete = count(check, "complete", from.complete());
    read_field(
        check, "complete_sum", from.has_complete_sum(), from.complete_sum(), to.complete_sum);
}

void write_wire(const EmissionReport& from, v1::EmissionReport& to) {
    write_wire(from.material, *to.mutable_material());
    write_wire(from.energy, *to.mutable_energy());
    write_wire(from.transport, *to.mutable_transport());
    to.set_complete(from.complete);
    write_wire(from.complete_sum, *to.mutable_complete_sum());
}

void read_wire(const v1::WaitReason& from, WaitReason& to, FieldCheck&) {
    to.what = FieldCheck::word(from.what(), WaitsFor::trusted);
    to.jobs = from.jobs();
    to.pieces = from.pieces();
}

void write_wire(const WaitReason& from, v1::WaitReason& to) {
    to.set_what(static_cast<v1::WaitsFor>(from.what));
    to.set_jobs(from.jobs);
    to.set_pieces(from.pieces);
}

void read_wire(const v1::WaitingReport& from, WaitingReport& to, FieldCheck& check) {
    to.analysing = from.analysing();
    to.matching = from.matching();
    to.in_production = from.in_production();
    to.ready = from.ready();
    to.jobs = from.jobs();
    to.pieces = from.pieces();
    if (from.has_longest_s()) to.longest_s = machine_time(check, "longest_s", from.longest_s());
    read_list(check, "reasons", from.reasons(), waits_for_count, to.reasons);
}

void write_wire(const WaitingReport& from, v1::WaitingReport& to) {
    to.set_analysing(from.analysing);
    to.set_matching(from.matching);
    to.set_in_production(from.in_production);
    to.set_ready(from.ready);
    to.set_jobs(from.jobs);
    to.set_pieces(from.pieces);
    if (from.longest_s) to.set_longest_s(*from.longest_s);
    write_list(from.reasons, to.mutable_reasons());
}

void read_wire(const v1::ReportDay& from, ReportDay& to, FieldCheck& check) {
    to.pieces = count(check, "pieces", from.pieces());
    to.machine_s = machine_time(check, "machine_s", from.machine_s());
    if (from.has_median_km()) to.median_km = check.distance_km("median_km", from.median_km());
}

void write_wire(const ReportDay& from, v1::ReportDay& to) {
    to.set_pieces(from.pieces);
    to.set_machine_s(from.machine_s);
    if (from.median_km) to.set_median_km(*from.median_km);
}

void read_wire(const v1::NetworkReport& from, message::NetworkReport& message, FieldCheck& check) {
    ReportOfNetwork& to = message.report;
    to.days = check.whole<std::uint32_t>("days", from.days(), 1, limits::report_days_max);
    to.from = check.time("from_ms", from.from_ms());
    to.to = check.time("to_ms", from.to_ms());
    to.pieces = count(check, "pieces", from.pieces());
    to.timed = count(check, "timed", from.timed());
    to.machine_s = machine_time(check, "machine_s", from.machine_s());
    to.weighed = count(check, "weighed", from.weighed());
    to.mass_g = check.number("mass_g", from.mass_g(), 0, double{limits::report_figure_max});
    read_field(check, "distance", from.has_distance(), from.distance(), to.distance);
    read_field(check, "shares", from.has_shares(), from.shares(), to.shares);
    read_list(check, "processes", from.processes(), limits::report_rows_max, to.processes);
    read_field(
        check, "capabilities", from.has_capabilities(), from.capabilities(), to.capabilities);
    if (from.has_without_largest()) {
        read_field(
            check, "without_largest", true, from.without_largest(), to.without_largest.emplace());
    }
    read_field(check, "emissions", from.has_emissions(), from.emissions(), to.emissions);
    read_field(check, "waiting", from.has_waiting(), from.waiting(), to.waiting);
    read_list(check, "by_day", from.by_day(), limits::report_days_max, to.by_day);
}

void write_wire(const message::NetworkReport& message, v1::NetworkReport& to) {
    const ReportOfNetwork& from = message.report;
    to.set_days(from.days);
    to.set_from_ms(wire_time(from.from));
    to.set_to_ms(wire_time(from.to));
    to.set_pieces(from.pieces);
    to.set_timed(from.timed);
    to.set_machine_s(from.machine_s);
    to.set_weighed(from.weighed);
    to.set_mass_g(from.mass_g);
    write_wire(from.distance, *to.mutable_distance());
    write_wire(from.shares, *to.mutable_shares());
    write_list(from.processes, to.mutable_processes());
    write_wire(from.capabilities, *to.mutable_capabilities());
    if (from.without_largest) write_wire(*from.without_largest, *to.mutable_without_largest());
    write_wire(from.emissions, *to.mutable_emissions());
    write_wire(from.waiting, *to.mutable_waiting());
    write_list(from.by_day, to.mutable_by_day());
}

}  // namespace nearfab::codec
