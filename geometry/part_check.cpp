// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_check.hpp"

#include "geometry/findings.hpp"
#include "geometry/fit/drawing_outline.hpp"
#include "geometry/flat/drawing_file.hpp"
#include "geometry/part_survey.hpp"
#include "geometry/process/judges.hpp"
#include "geometry/process/part_facts.hpp"
#include "geometry/process/print_layers.hpp"
#include "geometry/solid_steps.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::geometry {
namespace {

void begin(const PartCheckOptions& options, std::string_view step, double share) {
    if (options.progress) options.progress(step, share);
}

void end_reading(const PartCheckOptions& options) {
    if (options.file_read) options.file_read();
}

void run_in_order(std::span<const CheckStep> steps, const PartCheckOptions& options) {
    for (const CheckStep& step : steps) {
        if (!step.words.empty()) begin(options, step.words, step.share);
        step.run();
    }
}

bool stands_everywhere(const Stances& stances, const PartCheckOptions& options) {
    const bool by_limits =
        std::all_of(options.limits.begin(), options.limits.end(), [&](const ProcessLimits& limits) {
            return family_of(limits.process) == ProcessFamily::sheet_cutting ||
                   stands_within(stances, limits);
        });
    return by_limits && (!options.envelope || fit_into(stances, *options.envelope).fits);
}

// As it is best printed, and on the sides of its smallest box.
std::vector<TurnedStance> turned_ways(const SolidCheck& solid) {
    std::vector<TurnedStance> ways;
    for (const Orientation& one : solid.orientations)
        ways.push_back({one.up, {UpAxis::z, one.height_mm, one.outline.points}});
    for (const Vec3& axis : solid.box.axes)
        ways.push_back(stance_with_up(solid.mesh, axis));
    return ways;
}

PartFacts facts_of(const SolidCheck& solid, const PartCheckOptions& options) {
    PartFacts facts;
    facts.closed_and_oriented = solid.report.makeable();
    facts.volume_mm3 =
        solid.united.triangles.empty() ? solid.report.volume_mm3 : solid.united_volume_mm3;
    facts.buried_faces = solid.buried_faces;
    facts.closed_voids = solid.closed_voids;
    facts.closed_voids_mm3 = solid.closed_voids_mm3;
    facts.closed_void = solid.closed_void;
    facts.stances = solid.report.stances;
    if (!stands_everywhere(solid.report.stances, options)) facts.turned = turned_ways(solid);
    if (solid.thickness) add_widths(*solid.thickness, facts);
    facts.printing = solid.printing;
    if (!solid.orientations.empty()) facts.tip_deg = solid.orientations.front().tip_deg;
    facts.milling = solid.milling;
    if (solid.plate && solid.plate_facts) {
        facts.sheet = sheet_facts_of(*solid.plate_facts, solid.plate->thickness_mm);
        facts.sheet->outline = outline_of(solid.plate->profile).points;
    }
    return facts;
}

PartFacts facts_of(const FlatCheck& flat, std::optional<double> thickness_mm) {
    PartFacts facts;
    facts.is_solid_file = false;
    facts.sheet = sheet_facts_of(flat.facts, thickness_mm);
    facts.sheet->outline = outline_of(flat.drawing).points;
    return facts;
}

// What is not feasible has no time.
std::vector<Estimate> estimates_for(const PartCheck& check,
                                    const PartFacts& facts,
                                    const PrintWork* work,
                                    const PartCheckOptions& options) {
    const PrintSettings settings;
    std::vector<Estimate> estimates;
    for (std::size_t i = 0; i < check.verdicts.size(); ++i) {
        if (check.verdicts[i].feasibility == Feasibility::not_feasible) continue;
        auto one = estimate(options.limits[i], facts, work, settings);
        if (one) estimates.push_back(std::move(*one));
    }
    return estimates;
}

PartCheck judged(PartCheck check,
                 const PartFacts& facts,
                 const PrintWork* work,
                 const PartCheckOptions& options) {
    check.verdicts = verdicts_on(facts, options.limits);
    check.estimates = estimates_for(check, facts, work, options);
    for (const Estimate& estimate : check.estimates) {
        for (std::size_t i = 0; i < check.verdicts.size(); ++i) {
            if (check.verdicts[i].process == estimate.process)
                remark_on_time(check.verdicts[i], estimate.time_s, options.limits[i]);
        }
    }
    check.facts = facts;
    return check;
}

Result<PartCheck> check_drawing(std::span<const std::uint8_t> file,
                                const PartCheckOptions& options) {
    begin(options, "reading the drawing", 0);
    DrawingOptions reading = options.drawing;
    if (options.unit != LengthUnit::unstated) reading.unit = options.unit;
    auto drawing = read_drawing(file, reading);
    if (!drawing) return fail(drawing.error());
    end_reading(options);
    begin(options, "following its lines", 0.5);
    auto facts = flat_facts(*drawing);
    if (!facts) return fail(facts.error());
    FlatCheck flat{std::move(*drawing), std::move(*facts), {}};
    flat.remarks = flat.drawing.remarks;
    const auto nothing_to_cut =
        std::any_of(flat.remarks.begin(), flat.remarks.end(), [](const Remark& remark) {
            return remark.rule == "nothing_to_cut";
        });
    for (Remark& remark : remarks_of(flat.facts)) {
        // What is not meant to be cut need not be closed.
        if (!nothing_to_cut || remark.rule != "nothing_closed")
            flat.remarks.push_back(std::move(remark));
    }
    PartCheck check;
    check.flat = std::move(flat);
    const PartFacts known = facts_of(*check.flat, options.sheet_thickness_mm);
    return judged(std::move(check), known, nullptr, options);
}

void run_all(const std::vector<CheckStep>& steps, const PartCheckOptions& options) {
    if (options.run_steps) {
        options.run_steps(steps);
    } else {
        run_in_order(steps, options);
    }
}

// Measures the union in place of bodies that run into each other. False when it bounds nothing.
bool measure_united(Mesh united,
                    const PartCheckOptions& options,
                    SolidCheck& solid,
                    std::optional<PrintWork>& print_work) {
    PartSurvey survey;
    survey.report.bounds = bounds_of(united);
    survey.mesh = std::move(united);
    SolidSteps work{std::move(survey), options};
    std::vector<CheckStep> steps = work.steps();
    for (CheckStep& step : steps)
        step.words = {};  // The whole was nearly done before.
    run_all(steps, options);
    SolidCheck one = work.take();
    if (!one.report.makeable()) return false;
    solid.united = std::move(one.mesh);
    solid.united_volume_mm3 = one.report.volume_mm3;
    solid.thickness = std::move(one.thickness);
    solid.orientations = std::move(one.orientations);
    solid.printing = std::move(one.printing);
    solid.milling = std::move(one.milling);
    solid.plate = std::move(one.plate);
    solid.plate_facts = std::move(one.plate_facts);
    print_work = work.take_print_work();
    return true;
}

void leave_out_buried(SolidCheck& solid) {
    solid.buried_faces = true;
    solid.thickness.reset();
    solid.printing.reset();
    solid.milling.reset();
    solid.plate.reset();
    solid.plate_facts.reset();
}

Result<PartCheck> check_solid(std::span<const std::uint8_t> file, const PartCheckOptions& options) {
    begin(options, "reading the mesh", 0);
    ReadLimits reading = options.mesh_limits;
    if (options.unit != LengthUnit::unstated) reading.unit = options.unit;
    auto survey = begin_survey(file, reading);
    if (!survey) return fail(survey.error());
    end_reading(options);
    SolidSteps work{std::move(*survey), options};
    run_all(work.steps(), options);
    const bool buried = work.faces_are_buried();
    std::optional<Mesh> united = buried ? work.united() : std::nullopt;
    PartCheck check;
    check.solid = work.take();
    std::optional<PrintWork> print_work = work.take_print_work();
    if (buried && check.solid->report.makeable()) {
        if (!united || !measure_united(std::move(*united), options, *check.solid, print_work))
            leave_out_buried(*check.solid);
        add_united(check.solid->buried_faces,
                   check.solid->united_volume_mm3,
                   check.solid->report.findings);
    }
    const PartFacts facts = facts_of(*check.solid, options);
    return judged(std::move(check), facts, print_work ? &*print_work : nullptr, options);
}

}  // namespace

Result<PartCheck> check_part(std::span<const std::uint8_t> file, const PartCheckOptions& options) {
    return is_drawing(file) ? check_drawing(file, options) : check_solid(file, options);
}

}  // namespace nearfab::geometry
