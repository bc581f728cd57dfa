// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {

void read_wire(const v1::Candidate& from, Candidate& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    to.machine = check.id<MachineId>("machine", from.machine());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.finish_s = check.span_s("finish_s", from.finish_s());
    to.making_s = check.span_s("making_s", from.making_s());
    to.recent_work_s = check.span_s("recent_work_s", from.recent_work_s());
    to.neighbour = from.neighbour();
    read_field(check, "placement", from.has_placement(), from.placement(), to.placement);
    to.mass_g = check.number("mass_g", from.mass_g(), 0, limits::mass_g_max);
    to.reason = check.text("reason", from.reason());
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

void read_wire(const v1::MatchReport& from, MatchReport& to, FieldCheck& check) {
    read_list(check, "candidates", from.candidates(), limits::match_rows_max, to.candidates);
    read_list(check, "rejections", from.rejections(), limits::match_rows_max, to.rejections);
    to.machines_seen = from.machines_seen();
}

void write_wire(const MatchReport& from, v1::MatchReport& to) {
    write_list(from.candidates, to.mutable_candidates());
    write_list(from.rejections, to.mutable_rejections());
    to.set_machines_seen(from.machines_seen);
}

}  // namespace nearfab::codec
