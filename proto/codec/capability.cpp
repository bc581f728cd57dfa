// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::codec {

void read_wire(const v1::Place& from, Place& to, FieldCheck& check) {
    to.latitude_deg = check.number("latitude_deg", from.latitude_deg(), -90, 90);
    to.longitude_deg = check.number("longitude_deg", from.longitude_deg(), -180, 180);
}

void write_wire(const Place& from, v1::Place& to) {
    to.set_latitude_deg(from.latitude_deg);
    to.set_longitude_deg(from.longitude_deg);
}

void read_wire(const v1::MaterialStock& from, MaterialStock& to, FieldCheck& check) {
    to.material = check.id<MaterialId>("material", from.material());
    to.available_g = check.number("available_g", from.available_g(), 0, limits::mass_g_max);
}

void write_wire(const MaterialStock& from, v1::MaterialStock& to) {
    to.set_material(from.material.text());
    to.set_available_g(from.available_g);
}

void read_wire(const v1::MaterialRate& from, MaterialRate& to, FieldCheck& check) {
    to.material = check.id<MaterialId>("material", from.material());
    to.per_kg = check.rate("per_kg", from.per_kg());
}

void write_wire(const MaterialRate& from, v1::MaterialRate& to) {
    to.set_material(from.material.text());
    to.set_per_kg(from.per_kg);
}

void read_wire(const v1::Rates& from, Rates& to, FieldCheck& check) {
    to.currency = check.currency("currency", from.currency());
    to.setup = check.rate("setup", from.setup());
    to.per_hour = check.rate("per_hour", from.per_hour());
    to.per_kg = check.rate("per_kg", from.per_kg());
    read_list(check, "materials", from.materials(), limits::materials_max, to.materials);
    std::set<MaterialId> seen;
    for (const MaterialRate& rate : to.materials) {
        if (seen.insert(rate.material).second) continue;
        check.refuse(ErrorCode::malformed, "materials", rate.material.text() + " has two rates");
    }
}

void write_wire(const Rates& from, v1::Rates& to) {
    to.set_currency(from.currency);
    to.set_setup(from.setup);
    to.set_per_hour(from.per_hour);
    to.set_per_kg(from.per_kg);
    write_list(from.materials, to.mutable_materials());
}

void read_wire(const v1::Energy& from, Energy& to, FieldCheck& check) {
    to.power_w = check.number("power_w", from.power_w(), 0, limits::power_w_max);
    if (from.power_low_w() != 0 || from.power_high_w() != 0) {
        to.power_low_w = check.number("power_low_w", from.power_low_w(), 0, to.power_w);
        to.power_high_w =
            check.number("power_high_w", from.power_high_w(), to.power_w, limits::power_w_max);
    }
    to.power_basis = check.line("power_basis", from.power_basis(), limits::name_bytes_max);
    to.grid_gco2e_per_kwh =
        check.number("grid_gco2e_per_kwh", from.grid_gco2e_per_kwh(), 0, limits::grid_gco2e_max);
    to.grid_basis = check.line("grid_basis", from.grid_basis(), limits::name_bytes_max);
}

void write_wire(const Energy& from, v1::Energy& to) {
    to.set_power_w(from.power_w);
    to.set_power_low_w(from.power_low_w);
    to.set_power_high_w(from.power_high_w);
    to.set_power_basis(clean_text(from.power_basis, TextKind::line, limits::name_bytes_max));
    to.set_grid_gco2e_per_kwh(from.grid_gco2e_per_kwh);
    to.set_grid_basis(clean_text(from.grid_basis, TextKind::line, limits::name_bytes_max));
}

void read_wire(const v1::Capability& from, Capability& to, FieldCheck& check) {
    to.machine = check.id<MachineId>("machine", from.machine());
    to.model = check.line("model", from.model(), limits::title_bytes_max);
    to.process = check.id<ProcessId>("process", from.process());
    to.envelope_x_mm = check.length_mm("envelope_x_mm", from.envelope_x_mm());
    to.envelope_y_mm = check.length_mm("envelope_y_mm", from.envelope_y_mm());
    to.envelope_z_mm = check.length_mm("envelope_z_mm", from.envelope_z_mm());
    read_list(check, "materials", from.materials(), limits::materials_max, to.materials);
    to.min_feature_mm = check.length_mm("min_feature_mm", from.min_feature_mm());
    to.tolerance_mm = check.length_mm("tolerance_mm", from.tolerance_mm());
    to.build_rate_cm3_per_h =
        check.number("build_rate_cm3_per_h", from.build_rate_cm3_per_h(), 0, limits::mass_g_max);
    to.state = FieldCheck::word(from.state(), MachineState::drained);
    to.backlog_s = check.span_s("backlog_s", from.backlog_s());
    to.accepts_by_hand = from.accepts_by_hand();
    if (from.has_rates()) read_field(check, "rates", true, from.rates(), to.rates.emplace());
    if (from.has_energy()) read_field(check, "energy", true, from.energy(), to.energy.emplace());
}

void write_wire(const Capability& from, v1::Capability& to) {
    to.set_machine(from.machine.text());
    to.set_model(clean_text(from.model, TextKind::line, limits::title_bytes_max));
    to.set_process(from.process.text());
    to.set_envelope_x_mm(from.envelope_x_mm);
    to.set_envelope_y_mm(from.envelope_y_mm);
    to.set_envelope_z_mm(from.envelope_z_mm);
    write_list(from.materials, to.mutable_materials());
    to.set_min_feature_mm(from.min_feature_mm);
    to.set_tolerance_mm(from.tolerance_mm);
    to.set_build_rate_cm3_per_h(from.build_rate_cm3_per_h);
    to.set_state(static_cast<v1::MachineState>(from.state));
    to.set_backlog_s(from.backlog_s);
    to.set_accepts_by_hand(from.accepts_by_hand);
    if (from.rates) write_wire(*from.rates, *to.mutable_rates());
    if (from.energy) write_wire(*from.energy, *to.mutable_energy());
}

void read_wire(const v1::FabTerms& from, FabTerms& to, FieldCheck& check) {
    to.licences.clear();  // A fab that lists none means none, not our default.
    const auto licences = static_cast<std::size_t>(from.licences_size());
    if (check.at_most("licences", licences, limits::terms_max, "entries")) {
        for (const std::string& term : from.licences()) {
            to.licences.push_back(check.line("licences", term, limits::name_bytes_max));
        }
    }
    const auto submitters = static_cast<std::size_t>(from.submitters_size());
    if (check.at_most("submitters", submitters, limits::terms_max, "entries")) {
        for (const std::string& submitter : from.submitters()) {
            to.submitters.push_back(check.id<IdentityId>("submitters", submitter).text());
        }
    }
}

void write_wire(const FabTerms& from, v1::FabTerms& to) {
    for (const std::string& term : from.licences)
        to.add_licences(term);
    for (const std::string& submitter : from.submitters)
        to.add_submitters(submitter);
}

// An offer says by name which machine is meant.
void no_name_twice(FieldCheck& check, const std::vector<Capability>& machines) {
    std::vector<std::string_view> names;
    for (const Capability& machine : machines)
        names.push_back(machine.machine.text());
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return;
    check.refuse(
        ErrorCode::malformed, "machines", "two are called \"" + std::string{*twice} + "\"");
}

void read_wire(const v1::Advertisement& from, Advertisement& to, FieldCheck& check) {
    to.title = check.line("title", from.title(), limits::title_bytes_max);
    read_field(check, "place", from.has_place(), from.place(), to.place);
    read_field(check, "terms", from.has_terms(), from.terms(), to.terms);
    read_list(check, "machines", from.machines(), limits::machines_max, to.machines);
    no_name_twice(check, to.machines);
    to.valid_s = check.span_s("valid_s", from.valid_s(), 1);
    to.owner = check.line("owner", from.owner(), limits::title_bytes_max);
}

void write_wire(const Advertisement& from, v1::Advertisement& to) {
    to.set_title(from.title);
    write_wire(from.place, *to.mutable_place());
    write_wire(from.terms, *to.mutable_terms());
    write_list(from.machines, to.mutable_machines());
    to.set_valid_s(from.valid_s);
    to.set_owner(from.owner);
}

void read_wire(const v1::Advertise& from, message::Advertise& to, FieldCheck& check) {
    read_field(
        check, "advertisement", from.has_advertisement(), from.advertisement(), to.advertisement);
}

void write_wire(const message::Advertise& from, v1::Advertise& to) {
    write_wire(from.advertisement, *to.mutable_advertisement());
}

void read_wire(const v1::AskFabs& from, message::AskFabs& to, FieldCheck& check) {
    if (from.has_near()) {
        read_field(check, "near", true, from.near(), to.near.emplace());
    }
    to.after_fab = check.optional_id<FabId>("after_fab", from.after_fab());
    to.after_distance_km = check.distance_km("after_distance_km", from.after_distance_km());
}

void write_wire(const message::AskFabs& from, v1::AskFabs& to) {
    if (from.near) write_wire(*from.near, *to.mutable_near());
    to.set_after_fab(from.after_fab.text());
    to.set_after_distance_km(from.after_distance_km);
}

void read_wire(const v1::FabStatus& from, message::FabStatus& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    read_field(
        check, "advertisement", from.has_advertisement(), from.advertisement(), to.advertisement);
    to.connected = from.connected();
    to.age_s = check.span_s("age_s", from.age_s());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.failures_in_row = from.failures_in_row();
    to.held_back = check.text("held_back", from.held_back());
    to.machines_left_out = from.machines_left_out();
}

void write_wire(const message::FabStatus& from, v1::FabStatus& to) {
    to.set_fab(from.fab.text());
    write_wire(from.advertisement, *to.mutable_advertisement());
    to.set_connected(from.connected);
    to.set_age_s(from.age_s);
    to.set_distance_km(from.distance_km);
    to.set_failures_in_row(from.failures_in_row);
    to.set_held_back(clean_text(from.held_back));
    to.set_machines_left_out(from.machines_left_out);
}

void read_wire(const v1::Fabs& from, message::Fabs& to, FieldCheck& check) {
    read_list(check, "fabs", from.fabs(), limits::page_rows_max, to.fabs);
    to.more = from.more();
}

void write_wire(const message::Fabs& from, v1::Fabs& to) {
    write_list(from.fabs, to.mutable_fabs());
    to.set_more(from.more);
}

}  // namespace nearfab::codec
