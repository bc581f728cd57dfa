// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/step_part.hpp"

#include "geometry/number_text.hpp"

#include "step/conversion.hpp"
#include <algorithm>
#include <string>
#include <utility>

namespace nearfab::cli {
namespace {

geometry::Finding cut_note(const step::CutFacts& facts, std::uint32_t triangles) {
    using geometry::number_text;
    return {geometry::Severity::note,
            "tessellated",
            "the STEP file was cut into " + std::to_string(triangles) +
                " triangles, which stay within " + number_text(facts.deflection.linear_mm) +
                " mm and " + number_text(facts.deflection.angular_deg) +
                " degrees of its surfaces; all numbers are those of the triangles",
            "Cut it finer or coarser with --step-linear MM and --step-angular DEG"};
}

geometry::Finding left_out_warning(std::uint32_t faces) {
    return {geometry::Severity::warning,
            "surfaces_left_out",
            std::to_string(faces) + " faces of the STEP file belong to no solid and are left out",
            "If they are part of the shape, make them a solid in the CAD program"};
}

// In their places among the others: errors, warnings, notes. What the OBJ does not say, its unit,
// the STEP file may have said.
void add_findings(geometry::PartReport& report, const step::CutFacts& facts) {
    if (facts.unit != geometry::Unit::unstated) {
        std::erase_if(report.findings, [](const geometry::Finding& one) {
            return one.rule == "tiny_part_maybe_inches" || one.rule == "huge_part_maybe_microns";
        });
    }
    if (facts.left_out > 0) {
        const auto first_note =
            std::find_if(report.findings.begin(), report.findings.end(), [](const auto& one) {
                return one.severity == geometry::Severity::note;
            });
        report.findings.insert(first_note, left_out_warning(facts.left_out));
    }
    report.findings.push_back(cut_note(facts, report.mesh.triangles));
}

}  // namespace

Result<step::ConvertedPart> cut_step(std::span<const std::uint8_t> file,
                                     const StepSettings& settings,
                                     LengthUnit said,
                                     const Screen& screen) {
    const auto program = step::find_program(settings.places);
    if (!program) return fail(program.error());
    auto part =
        step::convert({.program = *program, .deflection = settings.deflection, .limits = {}}, file);
    if (!part) return part;
    if (!part->sandbox.isolated) {
        screen.remark("warning: nearfab-step ran with limits but not isolated: " +
                      part->sandbox.why_not);
    }
    if (said != LengthUnit::unstated && said != part->facts.unit) {
        return fail(ErrorCode::invalid_file,
                    "the STEP file states its own unit, " + to_string(part->facts.unit) +
                        ", and not " + to_string(said),
                    "Give no unit for it; if the file is wrong, export it again in its true unit");
    }
    return part;
}

std::vector<std::string> remarks_on(const step::CutFacts& facts) {
    using geometry::number_text;
    std::vector<std::string> remarks{
        "the STEP file was cut into triangles that stay within " +
        number_text(facts.deflection.linear_mm) + " mm and " +
        number_text(facts.deflection.angular_deg) +
        " degrees of its surfaces; they are what is made, and the STEP file stays here"};
    if (facts.left_out > 0) remarks.push_back(left_out_warning(facts.left_out).message);
    return remarks;
}

Result<geometry::PartCheck> check_step(std::span<const std::uint8_t> file,
                                       const StepSettings& settings,
                                       const geometry::PartCheckOptions& options,
                                       const Screen& screen) {
    if (options.progress) options.progress("cutting the STEP file into triangles", 0);
    const auto part = cut_step(file, settings, options.unit, screen);
    if (!part) return fail(part.error());
    // What nearfab-step writes is in millimetres.
    geometry::PartCheckOptions in_millimetres = options;
    in_millimetres.unit = LengthUnit::unstated;
    in_millimetres.file_read = {};
    if (options.file_read) options.file_read();
    auto check = geometry::check_part(part->obj, in_millimetres);
    if (!check) {
        // Places in the OBJ are nothing that anybody could look up.
        Error error = prefixed("the triangles of nearfab-step: ", check.error());
        error.where.clear();
        return fail(std::move(error));
    }
    if (!check->solid) return fail(ErrorCode::internal, "nearfab-step gave no solid");
    geometry::PartReport& report = check->solid->report;
    report.format = geometry::FileFormat::step;
    report.unit = part->facts.unit;
    add_findings(report, part->facts);
    return check;
}

bool is_of_file(const Error& error) {
    return error.code == ErrorCode::invalid_file || error.code == ErrorCode::too_large;
}

}  // namespace nearfab::cli
