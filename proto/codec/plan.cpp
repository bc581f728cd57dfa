// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {
namespace {

std::uint32_t count(FieldCheck& check, std::string_view field, std::uint32_t value) {
    constexpr auto most = static_cast<std::uint32_t>(limits::work_orders_max);
    return check.whole<std::uint32_t>(field, value, 0, most);
}

}  // namespace

void read_wire(const v1::PlanRow& from, PlanRow& to, FieldCheck& check) {
    to.part = check.whole<std::uint32_t>("part", from.part(), 0, limits::parts_max - 1);
    to.fab = check.id<FabId>("fab", from.fab());
    to.machine = check.id<MachineId>("machine", from.machine());
    to.pieces = check.whole<std::uint32_t>("pieces", from.pieces(), 1, limits::quantity_max);
    to.late = check.whole<std::uint32_t>("late", from.late(), 0, from.pieces());
    to.making_s = check.span_s("making_s", from.making_s());
    to.first_s = check.span_s("first_s", from.first_s());
    to.last_s = check.span_s("last_s", from.last_s());
    to.distance_km = check.distance_km("distance_km", from.distance_km());
    to.mass_g = check.number("mass_g", from.mass_g(), 0, limits::mass_g_max);
    if (from.has_price()) read_field(check, "price", true, from.price(), to.price.emplace());
    if (from.has_footprint()) {
        read_field(check, "footprint", true, from.footprint(), to.footprint.emplace());
    }
}

void write_wire(const PlanRow& from, v1::PlanRow& to) {
    to.set_part(from.part);
    to.set_fab(from.fab.text());
    to.set_machine(from.machine.text());
    to.set_pieces(from.pieces);
    to.set_late(from.late);
    to.set_making_s(from.making_s);
    to.set_first_s(from.first_s);
    to.set_last_s(from.last_s);
    to.set_distance_km(from.distance_km);
    to.set_mass_g(from.mass_g);
    if (from.price) write_wire(*from.price, *to.mutable_price());
    if (from.footprint) write_wire(*from.footprint, *to.mutable_footprint());
}

void read_wire(const v1::PlanPart& from, PlanPart& to, FieldCheck& check) {
    to.part = check.whole<std::uint32_t>("part", from.part(), 0, limits::parts_max - 1);
    to.pieces = count(check, "pieces", from.pieces());
    to.late = check.whole<std::uint32_t>("late", from.late(), 0, from.pieces());
    to.unplaced = check.whole<std::uint32_t>("unplaced", from.unplaced(), 0, from.pieces());
    to.finish_s = check.span_s("finish_s", from.finish_s());
    to.reason = check.text("reason", from.reason());
    read_list(check, "misses", from.misses(), limits::plan_misses_max, to.misses);
    read_list(check, "alternatives", from.alternatives(), limits::plan_misses_max, to.alternatives);
}

void write_wire(const PlanPart& from, v1::PlanPart& to) {
    to.set_part(from.part);
    to.set_pieces(from.pieces);
    to.set_late(from.late);
    to.set_unplaced(from.unplaced);
    to.set_finish_s(from.finish_s);
    to.set_reason(clean_text(from.reason));
    write_list(from.misses, to.mutable_misses());
    write_list(from.alternatives, to.mutable_alternatives());
}

void read_wire(const v1::JobPlan& from, JobPlan& to, FieldCheck& check) {
    read_list(check, "rows", from.rows(), limits::plan_rows_max, to.rows);
    read_list(check, "parts", from.parts(), limits::parts_max, to.parts);
    if (from.has_deadline_s()) to.deadline_s = check.span_s("deadline_s", from.deadline_s());
    to.finish_s = check.span_s("finish_s", from.finish_s());
    to.farthest_km = check.distance_km("farthest_km", from.farthest_km());
    to.fabs = count(check, "fabs", from.fabs());
    to.machines = count(check, "machines", from.machines());
    to.rows_left_out = count(check, "rows_left_out", from.rows_left_out());
    to.pieces_left_out = count(check, "pieces_left_out", from.pieces_left_out());
    read_list(check, "prices", from.prices(), limits::plan_currencies_max, to.prices);
    to.unpriced = count(check, "unpriced", from.unpriced());
    if (from.has_footprint()) {
        read_field(check, "footprint", true, from.footprint(), to.footprint.emplace());
    }
}

void write_wire(const JobPlan& from, v1::JobPlan& to) {
    write_list(from.rows, to.mutable_rows());
    write_list(from.parts, to.mutable_parts());
    if (from.deadline_s) to.set_deadline_s(*from.deadline_s);
    to.set_finish_s(from.finish_s);
    to.set_farthest_km(from.farthest_km);
    to.set_fabs(from.fabs);
    to.set_machines(from.machines);
    to.set_rows_left_out(from.rows_left_out);
    to.set_pieces_left_out(from.pieces_left_out);
    write_list(from.prices, to.mutable_prices());
    to.set_unpriced(from.unpriced);
    if (from.footprint) write_wire(*from.footprint, *to.mutable_footprint());
}

}  // namespace nearfab::codec
