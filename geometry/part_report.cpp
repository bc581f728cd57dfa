// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_report.hpp"

#include "geometry/detail/shell_nesting.hpp"
#include "geometry/facts/measure.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/facts/weld.hpp"
#include "geometry/findings.hpp"
#include "geometry/fit/outline.hpp"
#include "geometry/readers/mesh_file.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfab::geometry {
namespace {

MeshFacts facts_of(const WeldedMesh& welded, const Topology& topology, const Measures& measures) {
    MeshFacts facts;
    const auto kept = static_cast<std::uint32_t>(welded.mesh.triangles.size());
    facts.triangles = kept + welded.collapsed_triangles;
    facts.vertices = static_cast<std::uint32_t>(welded.mesh.vertices.size());
    facts.degenerate_triangles = welded.collapsed_triangles + measures.flat_triangles;
    facts.duplicate_triangles = topology.duplicate_triangles;
    facts.open_edges = topology.open_edges;
    facts.non_manifold_edges = topology.non_manifold_edges;
    facts.misoriented_edges = topology.misoriented_edges;
    facts.shells = topology.shells;
    facts.closed = kept > 0 && facts.open_edges == 0 && facts.non_manifold_edges == 0;
    facts.oriented = facts.misoriented_edges == 0;
    return facts;
}

// A shell at an even depth (0: in no other) is the outside of something solid and must look
// outwards; one at an odd depth is the wall of a cavity and must look inwards.
void judge_nesting(const detail::ShellNesting& nesting,
                   const Measures& measures,
                   FindingInputs& inputs) {
    inputs.shells_compared = nesting.compared;
    inputs.meeting_shells = nesting.meeting_pairs;
    for (std::size_t i = 0; i < nesting.depth.size(); ++i) {
        const bool outwards = measures.shell_volumes_mm3[i] > 0;
        const bool wall_of_cavity = nesting.depth[i] % 2 == 1;
        if (wall_of_cavity && outwards) ++inputs.doubled_shells;
        if (!wall_of_cavity && !outwards) ++inputs.reversed_shells;
    }
}

// The volume, and whether it is one.
FindingInputs judge_volume(const Mesh& mesh,
                           const Topology& topology,
                           const Measures& measures,
                           PartReport& report) {
    FindingInputs inputs;
    if (!report.mesh.closed || !report.mesh.oriented) return inputs;
    inputs.signed_volume_mm3 = measures.volume_mm3;
    const double negligible = negligible_volume_mm3(report.area_mm2, report.bounds);
    inputs.negligible_volume = std::abs(measures.volume_mm3) <= negligible;
    if (inputs.negligible_volume) return inputs;
    report.volume_mm3 = std::abs(measures.volume_mm3);
    report.mesh.inside_out = measures.volume_mm3 < 0;
    judge_nesting(detail::nest_shells(mesh, topology), measures, inputs);
    report.mesh.bounds_a_volume = measures.volume_mm3 > 0 && inputs.shells_compared &&
                                  inputs.meeting_shells == 0 && inputs.doubled_shells == 0 &&
                                  inputs.reversed_shells == 0;
    return inputs;
}

PartReport report_on(const TriangleSoup& soup, const WeldedMesh& welded) {
    PartReport report;
    report.format = soup.format;
    report.unit = soup.unit;
    report.objects = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(soup.objects.size()));
    report.bounds = bounds_of(welded.mesh);
    const Topology topology = topology_of(welded.mesh);
    const Measures measures = measure(welded.mesh, report.bounds, topology);
    report.mesh = facts_of(welded, topology, measures);
    report.area_mm2 = measures.area_mm2;
    FindingInputs inputs = judge_volume(welded.mesh, topology, measures, report);
    PartStances seen = stances_of(welded.mesh, report.bounds);
    report.stances = std::move(seen.stances);
    inputs.outline_grown_mm = seen.grown_mm;
    report.findings = findings_of(report, inputs, soup.remarks);
    return report;
}

}  // namespace

bool PartReport::makeable() const {
    return mesh.closed && mesh.oriented && volume_mm3 > 0 &&
           std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
               return finding.severity == Severity::error;
           });
}

Result<Part> read_part(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<TriangleSoup> soup = read_soup(file, limits);
    if (!soup) return fail(soup.error());
    WeldedMesh welded = weld(*soup);
    soup->triangles = {};  // Large, and not needed any more.
    PartReport report = report_on(*soup, welded);
    return Part{std::move(welded.mesh), std::move(report)};
}

Result<PartReport> analyse_part(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<Part> part = read_part(file, limits);
    if (!part) return fail(part.error());
    return std::move(part->report);
}

Result<Mesh> read_mesh(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    const Result<TriangleSoup> soup = read_soup(file, limits);
    if (!soup) return fail(soup.error());
    return std::move(weld(*soup).mesh);
}

}  // namespace nearfab::geometry
