// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

#include <chrono>
#include <cstddef>
#include <utility>

namespace nearfab::codec {

std::string wire_hash(const ContentHash& hash) {
    return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

std::int64_t wire_time(WallTime time) {
    return time.time_since_epoch().count();
}

namespace {

void read_operations(const v1::PartSpec& from, PartSpec& to, FieldCheck& check) {
    if (static_cast<std::size_t>(from.operations_size()) > line_rules_max) {
        check.refuse(ErrorCode::too_large,
                     "operations",
                     "at most " + std::to_string(line_rules_max) + " are allowed");
        return;
    }
    for (const std::string& text : from.operations()) {
        auto rule = read_line_rule(text);
        if (!rule) return check.refuse(ErrorCode::malformed, "operations", rule.error().message);
        to.operations.push_back(std::move(*rule));
    }
}

}  // namespace

void read_wire(const v1::PartSpec& from, PartSpec& to, FieldCheck& check) {
    to.design = check.hash("design", from.design());
    to.design_bytes = check.whole<std::uint64_t>(
        "design_bytes", from.design_bytes(), 1, limits::design_bytes_max);
    to.file_name = check.file_name("file_name", from.file_name());
    to.process = check.id<ProcessId>("process", from.process());
    to.material = check.id<MaterialId>("material", from.material());
    to.quantity = check.whole<std::uint32_t>("quantity", from.quantity(), 1, limits::quantity_max);
    if (from.has_min_feature_mm()) {
        to.min_feature_mm = check.length_mm("min_feature_mm", from.min_feature_mm());
    }
    if (from.has_tolerance_mm()) {
        to.tolerance_mm = check.length_mm("tolerance_mm", from.tolerance_mm());
    }
    if (from.has_sheet_thickness_mm()) {
        to.sheet_thickness_mm = check.length_mm("sheet_thickness_mm", from.sheet_thickness_mm());
    }
    to.unit = static_cast<LengthUnit>(
        check.whole<int>("unit", from.unit(), 0, static_cast<int>(last_length_unit)));
    read_operations(from, to, check);
}

void write_wire(const PartSpec& from, v1::PartSpec& to) {
    to.set_design(wire_hash(from.design));
    to.set_design_bytes(from.design_bytes);
    to.set_file_name(from.file_name);
    to.set_process(from.process.text());
    to.set_material(from.material.text());
    to.set_quantity(from.quantity);
    if (from.min_feature_mm) to.set_min_feature_mm(*from.min_feature_mm);
    if (from.tolerance_mm) to.set_tolerance_mm(*from.tolerance_mm);
    if (from.sheet_thickness_mm) to.set_sheet_thickness_mm(*from.sheet_thickness_mm);
    to.set_unit(static_cast<v1::LengthUnit>(from.unit));
    for (const LineRule& rule : from.operations)
        to.add_operations(to_string(rule));
}

void read_wire(const v1::OutlinePoint& from, OutlinePoint& to, FieldCheck& check) {
    constexpr double far = limits::coordinate_mm_max;
    to.x_mm = check.number("x_mm", from.x_mm(), -far, far);
    to.y_mm = check.number("y_mm", from.y_mm(), -far, far);
}

void write_wire(const OutlinePoint& from, v1::OutlinePoint& to) {
    to.set_x_mm(from.x_mm);
    to.set_y_mm(from.y_mm);
}

void read_wire(const v1::PartStance& from, PartStance& to, FieldCheck& check) {
    to.height_mm = check.length_mm("height_mm", from.height_mm());
    read_list(check, "outline", from.outline(), limits::outline_points_max, to.outline);
    if (to.outline.empty()) {
        check.refuse(ErrorCode::malformed, "outline", "a part has at least one corner");
    }
}

void write_wire(const PartStance& from, v1::PartStance& to) {
    to.set_height_mm(from.height_mm);
    write_list(from.outline, to.mutable_outline());
}

namespace {

// What an older program leaves out stays empty.
void read_details(const v1::PartFacts& from, PartFacts& to, FieldCheck& check) {
    to.drawing = from.drawing();
    if (from.has_thinnest_wall()) {
        read_field(check, "thinnest_wall", true, from.thinnest_wall(), to.thinnest_wall.emplace());
    }
    if (from.has_narrowest_gap()) {
        read_field(check, "narrowest_gap", true, from.narrowest_gap(), to.narrowest_gap.emplace());
    }
    if (from.has_smallest_hole()) {
        read_field(check, "smallest_hole", true, from.smallest_hole(), to.smallest_hole.emplace());
    }
    if (from.has_sheet()) {
        read_field(check, "sheet", true, from.sheet(), to.sheet.emplace());
    }
    read_list(check, "processes", from.processes(), limits::processes_max, to.processes);
}

}  // namespace

void read_wire(const v1::PartFacts& from, PartFacts& to, FieldCheck& check) {
    to.size_x_mm = check.length_mm("size_x_mm", from.size_x_mm());
    to.size_y_mm = check.length_mm("size_y_mm", from.size_y_mm());
    to.size_z_mm = check.length_mm("size_z_mm", from.size_z_mm());
    to.volume_mm3 = check.number("volume_mm3", from.volume_mm3(), 0, limits::volume_mm3_max);
    to.area_mm2 = check.number("area_mm2", from.area_mm2(), 0, limits::volume_mm3_max);
    to.triangles = from.triangles();
    const auto stances = static_cast<std::size_t>(from.stances_size());
    if (stances != to.stances.size()) {
        check.refuse(ErrorCode::malformed,
                     "stances",
                     "a part has 3 stances, not " + std::to_string(stances));
        return;
    }
    for (std::size_t i = 0; i < stances; ++i) {
        const auto inside = check.inside("stances", i);
        read_wire(from.stances(static_cast<int>(i)), to.stances[i], check);
    }
    read_details(from, to, check);
}

void write_wire(const PartFacts& from, v1::PartFacts& to) {
    to.set_size_x_mm(from.size_x_mm);
    to.set_size_y_mm(from.size_y_mm);
    to.set_size_z_mm(from.size_z_mm);
    to.set_volume_mm3(from.volume_mm3);
    to.set_area_mm2(from.area_mm2);
    to.set_triangles(from.triangles);
    for (const PartStance& stance : from.stances)
        write_wire(stance, *to.add_stances());
    to.set_drawing(from.drawing);
    if (from.thinnest_wall) write_wire(*from.thinnest_wall, *to.mutable_thinnest_wall());
    if (from.narrowest_gap) write_wire(*from.narrowest_gap, *to.mutable_narrowest_gap());
    if (from.smallest_hole) write_wire(*from.smallest_hole, *to.mutable_smallest_hole());
    if (from.sheet) write_wire(*from.sheet, *to.mutable_sheet());
    write_list(from.processes, to.mutable_processes());
}

void read_wire(const v1::Placement& from, Placement& to, FieldCheck& check) {
    to.up_axis =
        static_cast<std::uint8_t>(check.whole<std::uint32_t>("up_axis", from.up_axis(), 0, 2));
    to.turn_deg = check.number("turn_deg", from.turn_deg(), 0, 180);
    if (to.turn_deg == 180) {
        check.refuse(ErrorCode::malformed, "turn_deg", "180 is not below 180; write 0");
    }
}

void write_wire(const Placement& from, v1::Placement& to) {
    to.set_up_axis(from.up_axis);
    to.set_turn_deg(from.turn_deg);
}

}  // namespace nearfab::codec
