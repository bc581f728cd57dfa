// SPDX-License-Identifier: GPL-3.0-or-later
// What the long look at a part found: lengths, sheets, processes.

#include "proto/codec/wire.hpp"

namespace nearfab::codec {
namespace {

// As far as a rule's numbers go, in whatever unit.
constexpr double figure_max = limits::volume_mm3_max;
constexpr double error_max = 1e6;
constexpr double rectangle_mm_max = 10 * limits::coordinate_mm_max;

}  // namespace

void read_wire(const v1::PartPoint& from, PartPoint& to, FieldCheck& check) {
    constexpr double far = limits::coordinate_mm_max;
    to.x_mm = check.number("x_mm", from.x_mm(), -far, far);
    to.y_mm = check.number("y_mm", from.y_mm(), -far, far);
    to.z_mm = check.number("z_mm", from.z_mm(), -far, far);
}

void write_wire(const PartPoint& from, v1::PartPoint& to) {
    to.set_x_mm(from.x_mm);
    to.set_y_mm(from.y_mm);
    to.set_z_mm(from.z_mm);
}

void read_wire(const v1::MeasuredLength& from, MeasuredLength& to, FieldCheck& check) {
    to.mm = check.length_mm("mm", from.mm());
    if (from.has_at()) read_field(check, "at", true, from.at(), to.at.emplace());
}

void write_wire(const MeasuredLength& from, v1::MeasuredLength& to) {
    to.set_mm(from.mm);
    if (from.at) write_wire(*from.at, *to.mutable_at());
}

void read_wire(const v1::NeededFeature& from, NeededFeature& to, FieldCheck& check) {
    to.what = check.line("what", from.what(), limits::title_bytes_max);
    read_field(check, "length", from.has_length(), from.length(), to.length);
}

void write_wire(const NeededFeature& from, v1::NeededFeature& to) {
    to.set_what(clean_text(from.what, TextKind::line, limits::title_bytes_max));
    write_wire(from.length, *to.mutable_length());
}

void read_wire(const v1::ProcessReason& from, ProcessReason& to, FieldCheck& check) {
    to.rule = check.line("rule", from.rule(), limits::name_bytes_max);
    to.blocking = from.blocking();
    to.beyond_machines = from.beyond_machines();
    if (from.has_at()) read_field(check, "at", true, from.at(), to.at.emplace());
    to.measured = check.number("measured", from.measured(), -figure_max, figure_max);
    to.limit = check.number("limit", from.limit(), -figure_max, figure_max);
    to.unit = check.line("unit", from.unit(), limits::name_bytes_max);
    to.text = check.text("text", from.text());
}

void write_wire(const ProcessReason& from, v1::ProcessReason& to) {
    to.set_rule(from.rule);
    to.set_blocking(from.blocking);
    to.set_beyond_machines(from.beyond_machines);
    if (from.at) write_wire(*from.at, *to.mutable_at());
    to.set_measured(from.measured);
    to.set_limit(from.limit);
    to.set_unit(from.unit);
    to.set_text(clean_text(from.text));
}

void read_wire(const v1::ProcessFacts& from, ProcessFacts& to, FieldCheck& check) {
    to.process = check.id<ProcessId>("process", from.process());
    to.verdict = FieldCheck::word(from.verdict(), Feasibility::not_feasible);
    read_list(check, "reasons", from.reasons(), limits::process_reasons_max, to.reasons);
    if (from.has_finest()) read_field(check, "finest", true, from.finest(), to.finest.emplace());
    if (from.has_typical_time_s()) {
        to.typical_time_s = check.number(
            "typical_time_s", from.typical_time_s(), 0, static_cast<double>(limits::span_s_max));
    }
    to.time_error = check.number("time_error", from.time_error(), 0, error_max);
}

void write_wire(const ProcessFacts& from, v1::ProcessFacts& to) {
    to.set_process(from.process.text());
    to.set_verdict(static_cast<v1::Feasibility>(from.verdict));
    write_list(from.reasons, to.mutable_reasons());
    if (from.finest) write_wire(*from.finest, *to.mutable_finest());
    if (from.typical_time_s) to.set_typical_time_s(*from.typical_time_s);
    to.set_time_error(from.time_error);
}

void read_wire(const v1::SheetFacts& from, SheetFacts& to, FieldCheck& check) {
    if (from.has_thickness_mm()) {
        to.thickness_mm = check.length_mm("thickness_mm", from.thickness_mm());
    }
    to.up_axis =
        static_cast<std::uint8_t>(check.whole<std::uint32_t>("up_axis", from.up_axis(), 0, 2));
    read_list(check, "outline", from.outline(), limits::outline_points_max, to.outline);
    if (to.outline.empty()) {
        check.refuse(ErrorCode::malformed, "outline", "a part has at least one corner");
    }
    to.long_mm = check.number("long_mm", from.long_mm(), 0, rectangle_mm_max);
    to.short_mm = check.number("short_mm", from.short_mm(), 0, rectangle_mm_max);
    to.cut_length_mm = check.number("cut_length_mm", from.cut_length_mm(), 0, figure_max);
    to.pierces = from.pierces();
    to.area_mm2 = check.number("area_mm2", from.area_mm2(), 0, figure_max);
    if (from.has_smallest_feature()) {
        read_field(check,
                   "smallest_feature",
                   true,
                   from.smallest_feature(),
                   to.smallest_feature.emplace());
    }
    if (from.has_smallest_gap()) {
        read_field(check, "smallest_gap", true, from.smallest_gap(), to.smallest_gap.emplace());
    }
}

void write_wire(const SheetFacts& from, v1::SheetFacts& to) {
    if (from.thickness_mm) to.set_thickness_mm(*from.thickness_mm);
    to.set_up_axis(from.up_axis);
    write_list(from.outline, to.mutable_outline());
    to.set_long_mm(from.long_mm);
    to.set_short_mm(from.short_mm);
    to.set_cut_length_mm(from.cut_length_mm);
    to.set_pierces(from.pierces);
    to.set_area_mm2(from.area_mm2);
    if (from.smallest_feature) write_wire(*from.smallest_feature, *to.mutable_smallest_feature());
    if (from.smallest_gap) write_wire(*from.smallest_gap, *to.mutable_smallest_gap());
}

}  // namespace nearfab::codec
