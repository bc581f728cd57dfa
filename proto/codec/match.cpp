// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {

void read_wire(const v1::Money& from, Money& to, FieldCheck& check) {
    to.currency = check.currency("currency", from.currency());
    to.minor = check.whole<std::int64_t>("minor", from.minor(), 0, limits::money_max);
}

void write_wire(const Money& from, v1::Money& to) {
    to.set_currency(from.currency);
    to.set_minor(from.minor);
}

void read_wire(const v1::CarbonRange& from, CarbonRange& to, FieldCheck& check) {
    constexpr std::int64_t most = limits::carbon_mg_max;
    to.low_mg = check.whole<std::int64_t>("low_mg", from.low_mg(), 0, most);
    to.typical_mg = check.whole<std::int64_t>("typical_mg", from.typical_mg(), to.low_mg, most);
    to.high_mg = check.whole<std::int64_t>("high_mg", from.high_mg(), to.typical_mg, most);
}

void write_wire(const CarbonRange& from, v1::CarbonRange& to) {
    to.set_low_mg(from.low_mg);
    to.set_typical_mg(from.typical_mg);
    to.set_high_mg(from.high_mg);
}

void read_wire(const v1::Footprint& from, Footprint& to, FieldCheck& check) {
    const auto share = [&check](std::string_view field, bool known, const auto& in, auto& out) {
        if (known) read_field(check, field, true, in, out.emplace());
    };
    share("material", from.has_material(), from.material(), to.material);
    share("energy", from.has_energy(), from.energy(), to.energy);
    share("transport", from.has_transport(), from.transport(), to.transport);
}

void write_wire(const Footprint& from, v1::Footprint& to) {
    if (from.material) write_wire(*from.material, *to.mutable_material());
    if (from.energy) write_wire(*from.energy, *to.mutable_energy());
    if (from.transport) write_wire(*from.transport, *to.mutable_transport());
}

void read_wire(const v1::FootprintBasis& from, FootprintBasis& to, FieldCheck& check) {
    to.share = check.line("share", from.share(), limits::name_bytes_max);
    to.fab = check.optional_id<FabId>("fab", from.fab());
    to.machine = check.optional_id<MachineId>("machine", from.machine());
    to.method = check.text("method", from.method());
    to.source = check.text("source", from.source());
    to.confidence = check.line("confidence", from.confidence(), limits::name_bytes_max);
}

void write_wire(const FootprintBasis& from, v1::FootprintBasis& to) {
    to.set_share(from.share);
    to.set_fab(from.fab.text());
    to.set_machine(from.machine.text());
    to.set_method(clean_text(from.method));
    to.set_source(clean_text(from.source));
    to.set_confidence(clean_text(from.confidence, TextKind::line, limits::name_bytes_max));
}

void read_wire(const v1::Candidate& from, Candidate& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    // In a router's records also an attempt that was taken back: its fab did not say which machine.
    to.machine = check.optional_id<MachineId>("machine", from.machine());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.finish_s = check.span_s("finish_s", from.finish_s());
    to.making_s = check.span_s("making_s", from.making_s());
    to.recent_work_s = check.span_s("recent_work_s", from.recent_work_s());
    to.neighbour = from.neighbour();
    read_field(check, "placement", from.has_placement(), from.placement(), to.placement);
    to.mass_g = check.number("mass_g", from.mass_g(), 0, limits::mass_g_max);
    to.reason = check.text("reason", from.reason());
    if (from.has_price()) read_field(check, "price", true, from.price(), to.price.emplace());
    if (from.has_footprint()) {
        read_field(check, "footprint", true, from.footprint(), to.footprint.emplace());
    }
}

void write_wire(const Candidate& from, v1::Candidate& to) {
    to.set_fab(from.fab.text());
    to.set_machine(from.machine.text());
    to.set_distance_km(from.distance_km);
    to.set_finish_s(from.finish_s);
    to.set_making_s(from.making_s);
    to.set_recent_work_s(from.recent_work_s);
    to.set_neighbour(from.neighbour);
    write_wire(from.placement, *to.mutable_placement());
    to.set_mass_g(from.mass_g);
    to.set_reason(clean_text(from.reason));
    if (from.price) write_wire(*from.price, *to.mutable_price());
    if (from.footprint) write_wire(*from.footprint, *to.mutable_footprint());
}

void read_wire(const v1::Rejection& from, Rejection& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    to.machine = check.id<MachineId>("machine", from.machine());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.requirement = FieldCheck::word(from.requirement(), Requirement::trusted);
    to.needed = check.text("needed", from.needed());
    to.offered = check.text("offered", from.offered());
    to.text = check.text("text", from.text());
}

void write_wire(const Rejection& from, v1::Rejection& to) {
    to.set_fab(from.fab.text());
    to.set_machine(from.machine.text());
    to.set_distance_km(from.distance_km);
    to.set_requirement(static_cast<v1::Requirement>(from.requirement));
    to.set_needed(clean_text(from.needed));
    to.set_offered(clean_text(from.offered));
    to.set_text(clean_text(from.text));
}

void read_wire(const v1::Alternative& from, Alternative& to, FieldCheck& check) {
    to.requirement = FieldCheck::word(from.requirement(), Requirement::trusted);
    to.fab = check.id<FabId>("fab", from.fab());
    to.machine = check.id<MachineId>("machine", from.machine());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.fabs = check.whole<std::uint32_t>("fabs", from.fabs(), 1, UINT32_MAX);
    to.at_least = from.at_least();
    to.needed = check.text("needed", from.needed());
    to.offered = check.text("offered", from.offered());
    to.text = check.text("text", from.text());
}

void write_wire(const Alternative& from, v1::Alternative& to) {
    to.set_requirement(static_cast<v1::Requirement>(from.requirement));
    to.set_fab(from.fab.text());
    to.set_machine(from.machine.text());
    to.set_distance_km(from.distance_km);
    to.set_fabs(from.fabs);
    to.set_at_least(from.at_least);
    to.set_needed(clean_text(from.needed));
    to.set_offered(clean_text(from.offered));
    to.set_text(clean_text(from.text));
}

void read_wire(const v1::MatchReport& from, MatchReport& to, FieldCheck& check) {
    read_list(check, "candidates", from.candidates(), limits::match_rows_max, to.candidates);
    read_list(check, "rejections", from.rejections(), limits::match_rows_max, to.rejections);
    to.machines_seen = from.machines_seen();
    read_list(check, "alternatives", from.alternatives(), limits::match_rows_max, to.alternatives);
}

void write_wire(const MatchReport& from, v1::MatchReport& to) {
    write_list(from.candidates, to.mutable_candidates());
    write_list(from.rejections, to.mutable_rejections());
    to.set_machines_seen(from.machines_seen);
    write_list(from.alternatives, to.mutable_alternatives());
}

}  // namespace nearfab::codec
