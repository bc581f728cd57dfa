// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_survey.hpp"

#include "geometry/facts/weld.hpp"
#include "geometry/findings.hpp"
#include "geometry/fit/outline.hpp"
#include "geometry/readers/mesh_file.hpp"
#include "geometry/readers/stl.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfab::geometry {
namespace {

MeshFacts facts_of(const PartSurvey& survey) {
    MeshFacts facts;
    const auto kept = static_cast<std::uint32_t>(survey.mesh.triangles.size());
    facts.triangles = kept + survey.collapsed_triangles;
    facts.vertices = static_cast<std::uint32_t>(survey.mesh.vertices.size());
    facts.degenerate_triangles = survey.collapsed_triangles + survey.measures.flat_triangles;
    facts.duplicate_triangles = survey.topology.duplicate_triangles;
    facts.open_edges = survey.topology.open_edges;
    facts.non_manifold_edges = survey.topology.non_manifold_edges;
    facts.misoriented_edges = survey.topology.misoriented_edges;
    facts.shells = survey.topology.shells;
    facts.closed = kept > 0 && facts.open_edges == 0 && facts.non_manifold_edges == 0;
    facts.oriented = facts.misoriented_edges == 0;
    return facts;
}

Vec3 point_of(std::uint32_t shell, const PartSurvey& survey) {
    const auto& shells = survey.topology.shell_of;
    const auto first = std::find(shells.begin(), shells.end(), shell) - shells.begin();
    const auto& triangle = survey.mesh.triangles[static_cast<std::size_t>(first)];
    return survey.mesh.vertices[triangle.front()];
}

void add_void(std::uint32_t shell, PartSurvey& survey) {
    ++survey.closed_voids;
    survey.closed_voids_mm3 -= survey.measures.shell_volumes_mm3[shell];
    if (!survey.closed_void) survey.closed_void = point_of(shell, survey);
}

// A shell at an even depth (0: in no other) is the outside of something solid and must look
// outwards; one at an odd depth is the wall of a cavity and must look inwards.
void judge_nesting(const detail::ShellNesting& nesting, PartSurvey& survey, FindingInputs& inputs) {
    const std::vector<double>& volumes = survey.measures.shell_volumes_mm3;
    inputs.shells_compared = nesting.compared;
    inputs.meeting_shells = nesting.meeting_pairs;
    for (std::size_t i = 0; i < nesting.depth.size(); ++i) {
        const bool outwards = volumes[i] > 0;
        const bool wall_of_cavity = nesting.depth[i] % 2 == 1;
        if (wall_of_cavity && outwards) ++inputs.doubled_shells;
        if (wall_of_cavity && !outwards) add_void(static_cast<std::uint32_t>(i), survey);
        if (wall_of_cavity || outwards) continue;
        ++inputs.reversed_shells;
        if (!inputs.reversed_shell)
            inputs.reversed_shell = point_of(static_cast<std::uint32_t>(i), survey);
    }
}

PartSurvey survey_of(WeldedMesh welded) {
    PartSurvey survey;
    survey.mesh = std::move(welded.mesh);
    survey.collapsed_triangles = welded.collapsed_triangles;
    survey.report.bounds = bounds_of(survey.mesh);
    return survey;
}

// A file that states another one was refused.
void set_unit(PartReport& report, Unit stated, Unit given) {
    report.unit_given = stated == Unit::unstated && given != Unit::unstated;
    report.unit = report.unit_given ? given : stated;
}

}  // namespace

Result<PartSurvey> begin_survey(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    const bool in_millimetres = millimetres_per(limits.unit) == 1;
    if (in_millimetres && file.size() <= limits.file_bytes && is_binary_stl(file)) {
        // Most files are, and loose triangles would take as much memory again.
        const auto records = check_binary_stl(file, limits);
        if (!records) return fail(records.error());
        PartSurvey survey = survey_of(weld(*records));
        set_unit(survey.report, Unit::unstated, limits.unit);
        return survey;
    }
    auto soup = read_soup(file, limits);
    if (!soup) return fail(soup.error());
    WeldedMesh welded = weld_bodies(*soup);
    const bool apart = welded.bodies_apart;
    PartSurvey survey = survey_of(std::move(welded));
    survey.remarks = std::move(soup->remarks);
    if (apart) {
        survey.remarks.push_back(
            {RemarkWeight::note,
             "bodies_touch",
             "of the " + std::to_string(soup->bodies.size()) +
                 " bodies of the file some share edges or whole faces; each is "
                 "closed, and they are taken as one part",
             ""});
    }
    survey.report.format = soup->format;
    set_unit(survey.report, soup->unit, limits.unit);
    survey.report.objects =
        std::max<std::uint32_t>(1, static_cast<std::uint32_t>(soup->objects.size()));
    return survey;
}

void connect(PartSurvey& survey) {
    PartReport& report = survey.report;
    survey.topology = topology_of(survey.mesh);
    survey.measures = measure(survey.mesh, report.bounds, survey.topology);
    report.mesh = facts_of(survey);
    report.area_mm2 = survey.measures.area_mm2;
    if (!report.mesh.closed || !report.mesh.oriented) return;
    const double volume = survey.measures.volume_mm3;
    // Of each shell: what faces outwards may cancel what faces inwards.
    double bounded = 0;
    for (const double of_shell : survey.measures.shell_volumes_mm3)
        bounded += std::abs(of_shell);
    const double negligible = negligible_volume_mm3(report.area_mm2, report.bounds);
    survey.negligible_volume = bounded <= negligible;
    if (std::abs(volume) <= negligible) return;
    report.volume_mm3 = std::abs(volume);
    report.mesh.inside_out = volume < 0;
    report.centre_of_mass = survey.measures.centre_of_mass;
}

void look_at_stances(PartSurvey& survey) {
    PartStances seen = stances_of(survey.mesh, survey.report.bounds);
    survey.report.stances = std::move(seen.stances);
    survey.outline_grown_mm = seen.grown_mm;
}

void conclude(PartSurvey& survey, const detail::ShellNesting& nesting) {
    PartReport& report = survey.report;
    FindingInputs inputs;
    if (!report.mesh.closed || !report.mesh.oriented) {
        inputs.faulty_edges = first_faulty_edges(survey.mesh);
    }
    inputs.outline_grown_mm = survey.outline_grown_mm;
    if (report.mesh.closed && report.mesh.oriented) {
        inputs.signed_volume_mm3 = survey.measures.volume_mm3;
        inputs.negligible_volume = survey.negligible_volume;
    }
    if (survey.has_a_volume()) {
        judge_nesting(nesting, survey, inputs);
        inputs.closed_voids = survey.closed_voids;
        inputs.closed_voids_mm3 = survey.closed_voids_mm3;
        inputs.closed_void = survey.closed_void;
        report.mesh.bounds_a_volume = survey.measures.volume_mm3 > 0 && inputs.shells_compared &&
                                      inputs.meeting_shells == 0 && inputs.doubled_shells == 0 &&
                                      inputs.reversed_shells == 0;
    }
    report.findings = findings_of(report, inputs, survey.remarks);
}

}  // namespace nearfab::geometry
