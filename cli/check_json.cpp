// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/check_json.hpp"

#include "cli/json_shapes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab::cli {
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

Json point_json(const geometry::Vec3& at) {
    return Json::array({at.x, at.y, at.z});
}

Json placed_json(const std::optional<geometry::Vec3>& at) {
    return at ? point_json(*at) : Json(nullptr);
}

Json finding_json(std::string_view severity,
                  const std::string& rule,
                  const std::string& message,
                  const std::string& next) {
    return {{"severity", severity}, {"rule", rule}, {"message", message}, {"next", next}};
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

Json flat_point_json(const geometry::Vec2& at) {
    return Json::array({at.x, at.y});
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

Json orientations_json(const std::vector<geometry::Orientation>& orientations) {
    Json out = list();
    for (const geometry::Orientation& one : orientations) {
        out.push_back({{"up", point_json(one.up)},
                       {"height_mm", one.height_mm},
                       {"contact_area_mm2", one.contact_area_mm2},
                       {"overhang_area_mm2", one.overhang_area_mm2},
                       {"support_volume_mm3", one.support_volume_mm3},
                       {"tip_deg", one.tip_deg},
                       {"why", one.why}});
    }
    return out;
}

Json milling_json(const geometry::MillingFacts& milling) {
    Json setups = list();
    for (const geometry::MillingSetup& setup : milling.setups) {
        setups.push_back({{"from", point_json(setup.from)},
                          {"reached_share", setup.reached_share},
                          {"depth_mm", setup.depth_mm}});
    }
    return {{"setups", std::move(setups)},
            {"reached_share", milling.reached_share},
            {"undercut_area_mm2", milling.undercut_area_mm2},
            {"stock_mm", size_json(milling.stock_mm)},
            {"removed_volume_mm3", milling.removed_volume_mm3}};
}

void add_solid(Json& out, const geometry::SolidCheck& solid) {
    const geometry::PartReport& report = solid.report;
    const geometry::MeshFacts& mesh = report.mesh;
    out["format"] = to_string(report.format);
    out["unit"] = to_string(report.unit);
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
    out["plate_thickness_mm"] = solid.plate ? Json(solid.plate->thickness_mm) : Json(nullptr);
    out["findings"] = list();
    for (const geometry::Finding& one : report.findings) {
        out["findings"].push_back(
            finding_json(severity_name(one.severity), one.rule, one.message, one.next));
    }
}

void add_flat(Json& out, const geometry::FlatCheck& flat) {
    const geometry::FlatFacts& facts = flat.facts;
    out["format"] = to_string(flat.drawing.format);
    out["unit"] = flat.drawing.unit.stated ? flat.drawing.unit.explanation : "unstated";
    out["closed"] = facts.open_chains == 0;
    out["bounds_mm"] = {{"min", Json::array({facts.bounds.min.x, facts.bounds.min.y})},
                        {"max", Json::array({facts.bounds.max.x, facts.bounds.max.y})}};
    out["area_mm2"] = facts.net_area_mm2;
    out["outer_loops"] = facts.outer_loops;
    out["inner_loops"] = facts.inner_loops;
    out["open_ends"] = facts.open_ends;
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
        out["findings"].push_back(
            finding_json(severity_name(severity), one.rule, one.message, one.next));
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
        out.push_back({{"process", one.process},
                       {"time_s", one.time_s},
                       {"time_error", one.time_error},
                       {"material_mm3", one.material_mm3},
                       {"mass_g", one.mass_g},
                       {"material_error", one.material_error},
                       {"measured", one.measured}});
    }
    return out;
}

Json check_json(const CheckedFile& file) {
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
    if (!file.check) return out;
    if (file.check->solid) add_solid(out, *file.check->solid);
    if (file.check->flat) add_flat(out, *file.check->flat);
    out["verdicts"] = verdicts_json(file.check->verdicts);
    out["estimates"] = estimates_json(file.check->estimates);
    return out;
}

}  // namespace

std::string json_of_check(const std::vector<CheckedFile>& files) {
    if (files.size() == 1) return text_of(check_json(files.front()));
    Json out = list();
    for (const CheckedFile& file : files)
        out.push_back(check_json(file));
    return text_of({{"files", std::move(out)}});
}

}  // namespace nearfab::cli
