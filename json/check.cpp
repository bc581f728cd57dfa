// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/check.hpp"

#include "json/process.hpp"
#include "json/shapes.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab::json {
namespace {

std::string_view severity_name(geometry::Severity severity) {
    switch (severity) {
        case geometry::Severity::note:
            return "note";
        case geometry::Severity::warning:
            return "warning";
        case geometry::Severity::error:
            return "error";
    }
    return "error";
}

Json finding_json(std::string_view severity,
                  const std::string& rule,
                  const std::string& message,
                  const std::string& next,
                  Json at) {
    return {{"severity", severity},
            {"rule", rule},
            {"message", message},
            {"next", next},
            {"at_mm", std::move(at)}};
}

Json widths_json(const geometry::Widths& widths) {
    Json places = list();
    for (const geometry::NarrowPlace& place : widths.places) {
        places.push_back({{"width_mm", place.width_mm},
                          {"at_mm", point_json(place.point)},
                          {"opposite_mm", point_json(place.opposite)}});
    }
    const bool any = widths.measured > 0;
    return {{"min_mm", any ? Json(widths.min_mm) : Json(nullptr)},
            {"one_percent_mm", any ? Json(widths.one_percent_mm) : Json(nullptr)},
            {"five_percent_mm", any ? Json(widths.five_percent_mm) : Json(nullptr)},
            {"median_mm", any ? Json(widths.median_mm) : Json(nullptr)},
            {"samples", widths.samples},
            {"complete", widths.complete},
            {"spacing_mm", widths.spacing_mm},
            {"places", std::move(places)}};
}

Json holes_json(const std::vector<geometry::Hole>& holes) {
    Json out = list();
    for (const geometry::Hole& hole : holes) {
        out.push_back({{"diameter_mm", hole.diameter_mm},
                       {"centre_mm", point_json(hole.centre)},
                       {"axis", point_json(hole.axis)}});
    }
    return out;
}

// A length and where it is, under two keys.
void add_neck(Json& out, const std::string& name, const std::optional<geometry::Neck>& neck) {
    out[name + "_mm"] = neck ? Json(neck->mm) : Json(nullptr);
    out[name + "_at_mm"] =
        neck ? Json::array({flat_point_json(neck->a), flat_point_json(neck->b)}) : Json(nullptr);
}

Json mends_json(const geometry::Mends& mends) {
    return {{"tolerance_mm", mends.tolerance_mm},
            {"would_weld_vertices", mends.would_weld_vertices},
            {"would_drop_degenerate", mends.would_drop_degenerate},
            {"would_drop_duplicates", mends.would_drop_duplicates},
            {"would_flip_triangles", mends.would_flip_triangles},
            {"would_flip_shells", mends.would_flip_shells},
            {"open_edges_after", mends.open_edges_after},
            {"closed_after", mends.closed_after},
            {"oriented_after", mends.oriented_after}};
}

// Nothing for a length that has no name of its own, such as the user unit of a page.
std::optional<LengthUnit> named_unit(double mm) {
    for (int number = 1; number <= static_cast<int>(last_length_unit); ++number) {
        const auto unit = static_cast<LengthUnit>(number);
        if (std::abs(millimetres_per(unit) - mm) <= 1e-9 * mm) return unit;
    }
    return std::nullopt;
}

void add_unit(Json& out, std::optional<LengthUnit> unit, bool given, double mm) {
    out["unit"] = unit ? to_string(*unit) : "other";
    out["unit_mm"] = mm;
    out["unit_origin"] = given ? "given" : unit == LengthUnit::unstated ? "none" : "file";
}

void add_solid(Json& out, const geometry::SolidCheck& solid) {
    const geometry::PartReport& report = solid.report;
    const geometry::MeshFacts& mesh = report.mesh;
    out["format"] = to_string(report.format);
    add_unit(out, report.unit, report.unit_given, millimetres_per(report.unit));
    out["objects"] = report.objects;
    out["triangles"] = mesh.triangles;
    out["closed"] = mesh.closed;
    out["oriented"] = mesh.oriented;
    out["self_intersections"] = solid.intersections.pairs;
    out["self_intersections_complete"] = solid.intersections.complete;
    out["self_intersection_places"] = list();
    for (const geometry::IntersectingPair& pair : solid.intersections.places)
        out["self_intersection_places"].push_back(point_json(pair.at));
    out["shells"] = mesh.shells;
    out["volume_mm3"] = report.volume_mm3;
    out["area_mm2"] = report.area_mm2;
    out["centre_of_mass_mm"] = placed_json(report.centre_of_mass);
    out["bounds_mm"] = {{"min", point_json(report.bounds.min)},
                        {"max", point_json(report.bounds.max)}};
    out["size_mm"] = size_json(report.bounds.size());
    out["oriented_box_mm"] = size_json(solid.box.size_mm);
    out["mesh"] = {{"vertices", mesh.vertices},
                   {"inside_out", mesh.inside_out},
                   {"open_edges", mesh.open_edges},
                   {"non_manifold_edges", mesh.non_manifold_edges},
                   {"non_manifold_vertices", solid.mends.non_manifold_vertices},
                   {"misoriented_edges", mesh.misoriented_edges},
                   {"degenerate_triangles", mesh.degenerate_triangles},
                   {"duplicate_triangles", mesh.duplicate_triangles}};
    out["mends"] = mends_json(solid.mends);
    const auto& thickness = solid.thickness;
    out["wall_thickness_mm_min"] =
        thickness && thickness->walls.measured > 0 ? Json(thickness->walls.min_mm) : Json(nullptr);
    out["walls"] = thickness ? widths_json(thickness->walls) : Json(nullptr);
    out["gaps"] = thickness ? widths_json(thickness->gaps) : Json(nullptr);
    out["smallest_gap_mm"] =
        thickness && thickness->gaps.measured > 0 ? Json(thickness->gaps.min_mm) : Json(nullptr);
    out["smallest_hole_mm"] = thickness && !thickness->holes.empty()
                                  ? Json(thickness->holes.front().diameter_mm)
                                  : Json(nullptr);
    out["holes"] = thickness ? holes_json(thickness->holes) : Json(nullptr);
    out["orientations"] = orientations_json(solid.orientations);
    out["milling"] = solid.milling ? milling_json(*solid.milling) : Json(nullptr);
    out["printing"] = solid.printing ? printing_json(*solid.printing) : Json(nullptr);
    out["plate"] = solid.plate && solid.plate_facts ? plate_json(*solid.plate, *solid.plate_facts)
                                                    : Json(nullptr);
    out["plate_thickness_mm"] = solid.plate ? Json(solid.plate->thickness_mm) : Json(nullptr);
    out["findings"] = list();
    for (const geometry::Finding& one : report.findings) {
        out["findings"].push_back(finding_json(
            severity_name(one.severity), one.rule, one.message, one.next, placed_json(one.at)));
    }
}

void add_flat(Json& out, const geometry::FlatCheck& flat) {
    const geometry::FlatFacts& facts = flat.facts;
    out["format"] = to_string(flat.drawing.format);
    const geometry::DrawingUnit& unit = flat.drawing.unit;
    if (unit.stated) {
        add_unit(out, named_unit(unit.mm), unit.given, unit.mm);
    } else {
        add_unit(out, LengthUnit::unstated, false, unit.mm);
    }
    out["unit_says"] = unit.explanation;
    out["closed"] = facts.open_chains == 0;
    out["bounds_mm"] = {{"min", Json::array({facts.bounds.min.x, facts.bounds.min.y})},
                        {"max", Json::array({facts.bounds.max.x, facts.bounds.max.y})}};
    out["area_mm2"] = facts.net_area_mm2;
    out["hull_area_mm2"] = facts.hull_area_mm2;
    out["smallest_rectangle_mm"] = rectangle_json(facts.smallest_rectangle);
    out["outer_loops"] = facts.outer_loops;
    out["inner_loops"] = facts.inner_loops;
    out["open_ends"] = 2 * facts.open_chains;
    out["slits"] = facts.slits;
    out["crossings"] = facts.crossings + facts.self_crossings;
    out["doubled_length_mm"] = facts.doubled_length_mm;
    out["cut_length_mm"] = facts.cut_length_mm;
    out["engrave_length_mm"] = facts.engrave_length_mm;
    out["pierces"] = facts.pierces;
    add_neck(out, "narrowest_wall", facts.narrowest_wall);
    add_neck(out, "narrowest_gap", facts.narrowest_gap);
    const auto& hole = facts.smallest_hole;
    out["smallest_hole_mm"] = hole ? Json(hole->mm) : Json(nullptr);
    out["smallest_hole_at_mm"] = hole ? flat_point_json(hole->at) : Json(nullptr);
    out["findings"] = list();
    for (const geometry::Remark& one : flat.remarks) {
        const auto severity = static_cast<geometry::Severity>(one.level);
        out["findings"].push_back(finding_json(severity_name(severity),
                                               one.rule,
                                               one.message,
                                               one.next,
                                               one.at ? flat_point_json(*one.at) : Json(nullptr)));
    }
}

Json verdicts_json(const std::vector<geometry::Verdict>& verdicts) {
    Json out = list();
    for (const geometry::Verdict& verdict : verdicts) {
        Json reasons = list();
        for (const geometry::VerdictReason& reason : verdict.reasons) {
            reasons.push_back({{"rule", reason.rule},
                               {"blocking", reason.blocking},
                               {"at_mm", placed_json(reason.place)},
                               {"measured", reason.measured},
                               {"limit", reason.limit},
                               {"unit", reason.unit},
                               {"text", reason.words}});
        }
        out.push_back({{"process", verdict.process},
                       {"verdict", to_string(verdict.feasibility)},
                       {"reasons", std::move(reasons)}});
    }
    return out;
}

Json estimates_json(const std::vector<geometry::Estimate>& estimates) {
    Json out = list();
    for (const geometry::Estimate& one : estimates) {
        const bool has_material = one.material_mm3 > 0;  // A drawing without a thickness has none.
        const bool has_mass = has_material && one.density_g_cm3;
        out.push_back({{"process", one.process},
                       {"time_s", one.time_s},
                       {"time_error", one.time_error},
                       {"material_mm3", has_material ? Json(one.material_mm3) : Json(nullptr)},
                       {"mass_g", has_mass ? Json(one.mass_g) : Json(nullptr)},
                       {"density_g_cm3", has_mass ? Json(*one.density_g_cm3) : Json(nullptr)},
                       {"material_error", has_material ? Json(one.material_error) : Json(nullptr)},
                       {"measured", one.measured}});
    }
    return out;
}

// The direction of the part that points up.
geometry::Vec3 up_of(const FileReport& file) {
    if (file.turned_up) return *file.turned_up;
    switch (file.fit->best.up) {
        case geometry::UpAxis::x:
            return {1, 0, 0};
        case geometry::UpAxis::y:
            return {0, 1, 0};
        case geometry::UpAxis::z:
            break;
    }
    return {0, 0, 1};
}

Json check_json(const FileReport& file) {
    Json out{{"file", file.file}, {"accepted", !file.rejection}};
    out["error"] = nullptr;
    if (file.rejection) {
        out["error"] = error_json(*file.rejection);
        out["error"]["where"] = or_null(file.rejection->where);
    }
    out["design"] = file.hash ? Json(file.hash->hex()) : Json(nullptr);
    out["bytes"] = file.bytes;
    out["licence"] = file.licence ? Json(*file.licence) : Json(nullptr);
    out["fit"] = file.fit ? fit_json(*file.fit) : Json(nullptr);
    if (file.fit && file.turned_up) out["fit"]["up_axis"] = nullptr;
    if (file.fit) out["fit"]["up"] = size_json(up_of(file));
    if (!file.check) return out;
    if (file.check->solid) add_solid(out, *file.check->solid);
    if (file.check->flat) add_flat(out, *file.check->flat);
    out["verdicts"] = verdicts_json(file.check->verdicts);
    out["estimates"] = estimates_json(file.check->estimates);
    return out;
}

}  // namespace

std::string json_of_check(const std::vector<FileReport>& files) {
    if (files.size() == 1) return text_of(check_json(files.front()));
    Json out = list();
    for (const FileReport& file : files)
        out.push_back(check_json(file));
    return text_of({{"files", std::move(out)}});
}

}  // namespace nearfab::json
