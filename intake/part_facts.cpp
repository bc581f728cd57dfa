// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/part_facts.hpp"

#include "base/check.hpp"
#include "geometry/fit/drawing_outline.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/process.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace nearfab::intake {
namespace {

using Outline = std::vector<OutlinePoint>;

Outline corners_of(const std::vector<geometry::Vec2>& outline_mm, const geometry::Vec2& origin) {
    NEARFAB_CHECK(outline_mm.size() <= limits::outline_points_max,
                  "geometry simplifies outlines to what a message may carry");
    Outline out;
    out.reserve(outline_mm.size());
    for (const geometry::Vec2& point : outline_mm)
        out.push_back({point.x - origin.x, point.y - origin.y});
    return out;
}

// Places are for people: one that no message may carry is left out.
std::optional<PartPoint> point_of(const std::optional<geometry::Vec3>& at) {
    constexpr double far = limits::coordinate_mm_max;
    const auto near = [](double value) { return std::abs(value) <= far; };
    if (!at || !near(at->x) || !near(at->y) || !near(at->z)) return std::nullopt;
    return PartPoint{at->x, at->y, at->z};
}

std::optional<MeasuredLength> length_of(const std::optional<geometry::PlacedLength>& length) {
    if (!length || !(length->mm >= 0)) return std::nullopt;
    return MeasuredLength{std::min(length->mm, limits::coordinate_mm_max), point_of(length->place)};
}

double figure(double value) {
    constexpr double most = limits::volume_mm3_max;
    return std::isnan(value) ? 0 : std::clamp(value, -most, most);
}

ProcessReason reason_of(const geometry::VerdictReason& from, const std::string& process) {
    ProcessReason reason;
    reason.rule = from.rule;
    reason.blocking = from.blocking;
    reason.beyond_machines = from.blocking && !geometry::depends_on_machine(from.rule, process);
    reason.at = point_of(from.place);
    reason.measured = figure(from.measured);
    reason.limit = figure(from.limit);
    reason.unit = from.unit;
    reason.text = from.words;
    return reason;
}

Feasibility feasibility_of(geometry::Feasibility from) {
    switch (from) {
        case geometry::Feasibility::feasible:
            return Feasibility::feasible;
        case geometry::Feasibility::with_remarks:
            return Feasibility::with_remarks;
        case geometry::Feasibility::not_feasible:
            return Feasibility::not_feasible;
    }
    return Feasibility::unknown;
}

ProcessFacts process_of(const geometry::Verdict& verdict, const geometry::PartCheck& check) {
    ProcessFacts facts;
    facts.process = ProcessId{verdict.process};
    facts.verdict = feasibility_of(verdict.feasibility);
    const std::size_t reasons = std::min(verdict.reasons.size(), limits::process_reasons_max);
    for (std::size_t i = 0; i < reasons; ++i)
        facts.reasons.push_back(reason_of(verdict.reasons[i], verdict.process));
    if (const auto finest = geometry::finest_needed(check.facts, verdict.process)) {
        if (auto length = length_of(finest->length))
            facts.finest = NeededFeature{std::string{finest->what}, std::move(*length)};
    }
    const auto take = [&](const geometry::Estimate& estimate) {
        if (estimate.process != verdict.process || !std::isfinite(estimate.time_s)) return;
        facts.typical_time_s =
            std::clamp(estimate.time_s, 0.0, static_cast<double>(limits::span_s_max));
        facts.time_error = estimate.time_error;
    };
    for (const geometry::Estimate& estimate : check.estimates)
        take(estimate);
    return facts;
}

SheetFacts sheet_of(const geometry::FlatFacts& flat, Outline outline) {
    SheetFacts sheet;
    sheet.outline = std::move(outline);
    sheet.long_mm = flat.smallest_rectangle.long_mm;
    sheet.short_mm = flat.smallest_rectangle.short_mm;
    sheet.cut_length_mm = figure(flat.cut_length_mm);
    sheet.pierces = flat.pierces;
    sheet.area_mm2 = std::max(figure(flat.net_area_mm2), 0.0);
    return sheet;
}

// Lying flat it is as it stands in the mesh, if the plate lies along an axis there.
SheetFacts plate_sheet(const geometry::SolidCheck& solid) {
    const geometry::Plate& plate = *solid.plate;
    constexpr double square = 1 - 1e-9;
    const std::array<double, 3> along{
        std::abs(plate.normal.z), std::abs(plate.normal.x), std::abs(plate.normal.y)};
    const auto up = static_cast<std::size_t>(
        std::distance(along.begin(), std::max_element(along.begin(), along.end())));
    Outline outline = along.at(up) >= square
                          ? corners_of(solid.report.stances.at(up).outline_mm, {})
                          : corners_of(geometry::outline_of(plate.profile).points, {});
    SheetFacts sheet = sheet_of(*solid.plate_facts, std::move(outline));
    sheet.up_axis = static_cast<std::uint8_t>(up);
    sheet.thickness_mm = plate.thickness_mm;
    return sheet;
}

void add_solid(PartFacts& facts, const geometry::SolidCheck& solid) {
    const geometry::PartReport& report = solid.report;
    const geometry::Vec3 size = report.bounds.size();
    facts.size_x_mm = size.x;
    facts.size_y_mm = size.y;
    facts.size_z_mm = size.z;
    facts.volume_mm3 = report.volume_mm3;
    facts.area_mm2 = report.area_mm2;
    facts.triangles = report.mesh.triangles;
    for (std::size_t i = 0; i < report.stances.size(); ++i) {
        const geometry::Stance& stance = report.stances[i];
        facts.stances[i] = {stance.height_mm, corners_of(stance.outline_mm, {})};
    }
    if (solid.plate && solid.plate_facts) facts.sheet = plate_sheet(solid);
}

// The file's coordinates may lie anywhere; only the size matters, so the outline begins at 0.
void add_drawing(PartFacts& facts, const geometry::FlatCheck& flat) {
    const geometry::FlatBounds bounds = *geometry::bounds_of(flat.drawing);
    const geometry::Vec2 size = bounds.size();
    facts.drawing = true;
    facts.size_x_mm = size.x;
    facts.size_y_mm = size.y;
    facts.area_mm2 = std::max(figure(flat.facts.net_area_mm2), 0.0);
    const Outline outline = corners_of(geometry::outline_of(flat.drawing).points, bounds.min);
    facts.stances[0] = {0, outline};
    facts.stances[1] = {size.x, {{0, 0}, {size.y, 0}}};
    facts.stances[2] = {size.y, {{0, 0}, {0, size.x}}};
    facts.sheet = sheet_of(flat.facts, outline);
}

Error bad_file(std::string message, std::string next) {
    return {ErrorCode::invalid_file, std::move(message), std::move(next)};
}

std::optional<Error> too_long(double largest_mm) {
    if (largest_mm <= limits::coordinate_mm_max) return std::nullopt;
    return bad_file(fmt::format("the part is {:.0f} mm long, the limit is {:.0f} mm",
                                largest_mm,
                                limits::coordinate_mm_max),
                    "check the unit it was exported in, or split the part");
}

std::optional<Error> fault_of_solid(const geometry::PartReport& report) {
    for (const geometry::Finding& finding : report.findings) {
        if (finding.severity == geometry::Severity::error)
            return bad_file(finding.message, finding.next);
    }
    if (!report.makeable()) {
        return bad_file("the file does not bound a volume",
                        "repair the mesh so that it is closed, and try again");
    }
    const geometry::Vec3 size = report.bounds.size();
    return too_long(std::max({size.x, size.y, size.z}));
}

std::optional<Error> fault_of_drawing(const geometry::FlatCheck& flat) {
    for (const geometry::Remark& remark : flat.remarks) {
        if (remark.level == geometry::RemarkLevel::error)
            return bad_file(remark.message, remark.next);
    }
    if (!flat.drawing.unit.stated) {
        const bool svg = flat.drawing.format == geometry::FlatFormat::svg;
        return bad_file(
            "the drawing does not say how long its unit is (" + flat.drawing.unit.explanation + ")",
            svg ? "say how long a px is: --unit px (96 to the inch), px90, pt (72 to the inch) or "
                  "mm; or give the page a width and height in mm, and a viewBox"
                : "say it: --unit mm, --unit in, ...; or save the drawing with the header variable "
                  "$INSUNITS");
    }
    const auto bounds = geometry::bounds_of(flat.drawing);
    if (!bounds || (bounds->size().x <= 0 && bounds->size().y <= 0)) {
        return bad_file("the drawing has nothing to be made", "check its layers and colours");
    }
    return too_long(std::max(bounds->size().x, bounds->size().y));
}

}  // namespace

geometry::PartCheckOptions matching_options() {
    geometry::PartCheckOptions options;
    options.limits.clear();
    for (const ProcessInfo& process : known_processes()) {
        const auto* const limits = geometry::find_limits(geometry::builtin_limits(), process.id);
        if (limits != nullptr) {
            options.limits.push_back(*limits);
        } else {
            geometry::ProcessLimits bare;
            bare.process = std::string{process.id};
            options.limits.push_back(std::move(bare));
        }
    }
    return options;
}

std::optional<Error> fault_of(const geometry::PartCheck& check) {
    return check.solid ? fault_of_solid(check.solid->report) : fault_of_drawing(*check.flat);
}

PartFacts facts_of(const geometry::PartCheck& check) {
    NEARFAB_CHECK(check.verdicts.size() <= limits::processes_max,
                  "a message may carry every known process");
    PartFacts facts;
    if (check.solid) {
        add_solid(facts, *check.solid);
    } else {
        add_drawing(facts, *check.flat);
    }
    facts.thinnest_wall = length_of(check.facts.thinnest_wall);
    facts.narrowest_gap = length_of(check.facts.narrowest_gap);
    facts.smallest_hole = length_of(check.facts.smallest_hole);
    if (facts.sheet && check.facts.sheet) {
        facts.sheet->smallest_feature = length_of(check.facts.sheet->smallest_feature);
        facts.sheet->smallest_gap = length_of(check.facts.sheet->smallest_gap);
    }
    for (const geometry::Verdict& verdict : check.verdicts)
        facts.processes.push_back(process_of(verdict, check));
    return facts;
}

}  // namespace nearfab::intake
