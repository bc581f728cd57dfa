// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_check.hpp"

#include "geometry/facts/topology.hpp"
#include "geometry/flat/drawing_file.hpp"
#include "geometry/process/overhang.hpp"
#include "geometry/process/part_facts.hpp"
#include "geometry/process/print_layers.hpp"
#include "geometry/search/bvh.hpp"

#include <utility>

namespace nearfab::geometry {
namespace {

void begin(const PartCheckOptions& options, std::string_view step, double share) {
    if (options.progress) options.progress(step, share);
}

// An ordinary mesh has about ten pairs of boxes for each triangle; a fan of 20,000 triangles round
// one vertex has 200 million, which nobody waits for.
IntersectionLimits limits_for(std::size_t triangles) {
    IntersectionLimits limits;
    limits.candidates = 10'000'000 + 30 * std::uint64_t{triangles};
    return limits;
}

void measure_solid(SolidCheck& solid, const Bvh& bvh, const PartCheckOptions& options) {
    begin(options, "measuring walls and gaps", 0.2);
    solid.thickness = wall_thickness(bvh);
    begin(options, "turning it over", 0.5);
    solid.orientations = orientations_of(solid.mesh);
    if (!solid.orientations.empty()) {
        solid.printing = overhangs_of(solid.mesh, solid.orientations.front().up);
    }
    begin(options, "looking for a way for the mill", 0.7);
    solid.milling = milling_of(solid.mesh);
    begin(options, "looking whether it is a plate", 0.9);
    solid.plate = plate_of(solid.mesh);
    if (!solid.plate) return;
    if (auto facts = flat_facts(solid.plate->profile)) solid.plate_facts = std::move(*facts);
}

PartFacts facts_of(const SolidCheck& solid) {
    PartFacts facts;
    facts.closed_and_oriented = solid.report.makeable();
    facts.volume_mm3 = solid.report.volume_mm3;
    if (solid.thickness) add_widths(*solid.thickness, facts);
    facts.printing = solid.printing;
    if (!solid.orientations.empty()) facts.tip_deg = solid.orientations.front().tip_deg;
    facts.milling = solid.milling;
    if (solid.plate && solid.plate_facts) {
        facts.sheet = sheet_facts_of(*solid.plate_facts, solid.plate->thickness_mm);
    }
    return facts;
}

PartFacts facts_of(const FlatCheck& flat) {
    PartFacts facts;
    facts.is_solid_file = false;
    facts.sheet = sheet_facts_of(flat.facts, std::nullopt);
    return facts;
}

// What is not feasible has no time.
std::vector<Estimate> estimates_for(const PartCheck& check,
                                    const PartFacts& facts,
                                    const PartCheckOptions& options) {
    PrintSettings settings;
    settings.density_g_cm3 = options.density_g_cm3;
    std::optional<PrintWork> work;
    std::vector<Estimate> estimates;
    for (std::size_t i = 0; i < check.verdicts.size(); ++i) {
        if (check.verdicts[i].feasibility == Feasibility::not_feasible) continue;
        const bool printed = family_of(check.verdicts[i].process) == ProcessFamily::printing;
        if (printed && !work && check.solid && !check.solid->orientations.empty()) {
            work = print_work_of(check.solid->mesh, check.solid->orientations.front().up, settings);
        }
        auto one = estimate(
            options.limits[i], facts, work ? &*work : nullptr, settings, options.density_g_cm3);
        if (one) estimates.push_back(std::move(*one));
    }
    return estimates;
}

PartCheck judged(PartCheck check, const PartFacts& facts, const PartCheckOptions& options) {
    check.verdicts = verdicts_on(facts, options.limits);
    check.estimates = estimates_for(check, facts, options);
    check.facts = facts;
    return check;
}

Result<PartCheck> check_drawing(std::span<const std::uint8_t> file,
                                const PartCheckOptions& options) {
    begin(options, "reading the drawing", 0);
    auto drawing = read_drawing(file, options.drawing);
    if (!drawing) return fail(drawing.error());
    begin(options, "following its lines", 0.5);
    auto facts = flat_facts(*drawing);
    if (!facts) return fail(facts.error());
    FlatCheck flat{std::move(*drawing), std::move(*facts), {}};
    flat.remarks = flat.drawing.remarks;
    const auto of_facts = remarks_of(flat.facts);
    flat.remarks.insert(flat.remarks.end(), of_facts.begin(), of_facts.end());
    PartCheck check;
    check.flat = std::move(flat);
    const PartFacts known = facts_of(*check.flat);
    return judged(std::move(check), known, options);
}

Result<PartCheck> check_solid(std::span<const std::uint8_t> file, const PartCheckOptions& options) {
    begin(options, "reading the mesh", 0);
    auto part = read_part(file, options.mesh_limits);
    if (!part) return fail(part.error());
    PartCheck check;
    check.solid.emplace();
    SolidCheck& solid = *check.solid;
    solid.mesh = std::move(part->mesh);
    solid.report = std::move(part->report);
    begin(options, "looking for places where it cuts itself", 0.1);
    const Bvh bvh{solid.mesh};
    const Topology topology = topology_of(solid.mesh);
    solid.intersections =
        self_intersections(bvh, topology.shell_of, limits_for(solid.mesh.triangles.size()));
    solid.mends = mends_of(solid.mesh, topology);
    solid.box = oriented_box_of(solid.mesh);
    if (solid.report.makeable()) measure_solid(solid, bvh, options);
    const PartFacts facts = facts_of(solid);
    return judged(std::move(check), facts, options);
}

}  // namespace

Result<PartCheck> check_part(std::span<const std::uint8_t> file, const PartCheckOptions& options) {
    return is_drawing(file) ? check_drawing(file, options) : check_solid(file, options);
}

}  // namespace nearfab::geometry
