// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_request.hpp"

#include "cli/quantity_text.hpp"
#include "cli/time_text.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "proto/model/text.hpp"

#include <cmath>
#include <utility>

namespace nearfab::cli {
namespace {

tl::unexpected<Error> wrong(std::string message, std::string next) {
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(next));
}

const intake::ManifestPart* manifest_part(const DesignPapers& papers, const PartFile& part) {
    if (!papers.manifest) return nullptr;
    return papers.manifest->part_of_file(part.path.filename().string());
}

Result<MaterialId> material_for(const PartWishes& wishes,
                                const DesignPapers& papers,
                                const intake::ManifestPart* in_manifest) {
    std::optional<std::string> name = wishes.material;
    std::string origin = "--material";
    if (!name && papers.manifest) {
        name = in_manifest != nullptr && in_manifest->material ? in_manifest->material
                                                               : papers.manifest->material;
        origin = papers.manifest_file.filename().string();
    }
    if (!name) {
        return wrong("no material is given",
                     "give one with --material; known are " + known_material_ids());
    }
    if (const auto material = find_material(*name)) return MaterialId{std::string{material->id}};
    const auto meant = material_like(*name);
    return wrong(origin + ": material " + in_quotes(*name) + " is not known" +
                     (meant ? "; did you mean " + in_quotes(*meant) + "?" : ""),
                 "use one of " + known_material_ids());
}

Result<ProcessId> process_for(const PartWishes& wishes,
                              const PartFile& part,
                              const DesignPapers& papers,
                              const intake::ManifestPart* in_manifest) {
    if (wishes.process) {
        const auto process = find_process(*wishes.process);
        if (process) return ProcessId{std::string{process->id}};
        return wrong("--process: " + in_quotes(*wishes.process) + " is not known",
                     "use one of " + std::string{known_process_ids()});
    }
    if (in_manifest != nullptr && in_manifest->process) return *in_manifest->process;
    if (papers.manifest && papers.manifest->process) return *papers.manifest->process;
    return ProcessId{part.facts.drawing ? "laser_cut" : "fdm"};
}

Result<std::optional<double>> millimetres(const std::optional<double>& value,
                                          std::string_view option) {
    if (!value) return std::nullopt;
    if (std::isfinite(*value) && *value > 0 && *value <= limits::coordinate_mm_max) return value;
    return wrong(std::string{option} + ": " + fixed(*value, 3) +
                     " mm is out of range: allowed is more than 0 up to " +
                     fixed(limits::coordinate_mm_max, 0) + " mm",
                 "give a size in millimetres");
}

Result<Objective> parse_objective(std::string_view text) {
    for (const Objective objective : {Objective::nearest, Objective::soonest}) {
        if (to_string(objective) == text) return objective;
    }
    return wrong("--objective: " + in_quotes(text) + " is not known", "use nearest or soonest");
}

Result<std::optional<WallTime>> deadline_for(const PartWishes& wishes, WallTime now) {
    if (!wishes.deadline) return std::nullopt;
    const auto deadline = parse_moment(*wishes.deadline, now);
    if (!deadline) return wrong("--deadline: " + deadline.error().message, deadline.error().next);
    if (deadline->time_since_epoch().count() > limits::wall_ms_max) {
        return wrong("--deadline: " + in_quotes(*wishes.deadline) + " is after the year 9999",
                     "give an earlier one");
    }
    if (*deadline <= now) {
        return wrong("--deadline: " + in_quotes(*wishes.deadline) + " is already past",
                     "give a later one");
    }
    return *deadline;
}

std::string title_for(const PartWishes& wishes,
                      const DesignPapers& papers,
                      const intake::ManifestPart* in_manifest,
                      const PartFile& part) {
    std::string title = wishes.title.value_or("");
    if (title.empty() && in_manifest != nullptr) title = in_manifest->name;
    if (title.empty() && papers.manifest) title = papers.manifest->title;
    if (title.empty()) title = part.path.stem().string();
    return clean_text(title, TextKind::line, limits::title_bytes_max);
}

Result<PartSpec> part_for(const PartWishes& wishes,
                          const PartFile& part,
                          const DesignPapers& papers,
                          const intake::ManifestPart* in_manifest) {
    PartSpec spec;
    spec.design = part.hash;
    spec.unit = part.unit;
    spec.design_bytes = part.bytes.size();
    spec.file_name =
        clean_text(part.path.filename().string(), TextKind::file_name, limits::file_name_bytes_max);
    auto material = material_for(wishes, papers, in_manifest);
    if (!material) return fail(std::move(material.error()));
    spec.material = *material;
    auto process = process_for(wishes, part, papers, in_manifest);
    if (!process) return fail(std::move(process.error()));
    spec.process = *process;
    if (wishes.quantity < 1 || wishes.quantity > std::int64_t{limits::quantity_max}) {
        return wrong("--quantity: " + std::to_string(wishes.quantity) +
                         " is out of range: allowed is 1 to " +
                         std::to_string(limits::quantity_max),
                     wishes.quantity < 1 ? "give the number of pieces, at least 1"
                                         : "submit larger series as several jobs");
    }
    spec.quantity = static_cast<std::uint32_t>(wishes.quantity);
    auto feature = millimetres(wishes.min_feature_mm, "--min-feature");
    if (!feature) return fail(std::move(feature.error()));
    spec.min_feature_mm = *feature;
    auto tolerance = millimetres(wishes.tolerance_mm, "--tolerance");
    if (!tolerance) return fail(std::move(tolerance.error()));
    spec.tolerance_mm = *tolerance;
    auto thickness = millimetres(wishes.thickness_mm, "--thickness");
    if (!thickness) return fail(std::move(thickness.error()));
    if (*thickness && !part.facts.drawing) {
        return wrong("--thickness: " + part.path.filename().string() +
                         " is a solid and has a thickness of its own",
                     "leave it out; it is for drawings");
    }
    spec.sheet_thickness_mm = *thickness;
    return spec;
}

}  // namespace

Result<RedoRule> parse_redo_rule(std::string_view text) {
    if (text == "never") return RedoRule{RedoRule::Kind::never, 0};
    if (text == "at-once") return RedoRule{RedoRule::Kind::at_once, 0};
    const auto span = parse_duration(text);
    if (!span) {
        return wrong("--redo-after: " + span.error().message,
                     "use never, at-once, or a span like 12h");
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*span).count();
    return RedoRule{RedoRule::Kind::after, seconds};
}

Result<JobSpec> make_job(const PartWishes& wishes,
                         const PartFile& part,
                         const DesignPapers& papers,
                         const std::vector<NamedPlace>& places,
                         WallTime now) {
    const intake::ManifestPart* in_manifest = manifest_part(papers, part);
    JobSpec job;
    auto spec = part_for(wishes, part, papers, in_manifest);
    if (!spec) return fail(std::move(spec.error()));
    job.parts.push_back(std::move(*spec));
    auto place = find_place(wishes.at, places);
    if (!place) return wrong("--at: " + place.error().message, place.error().next);
    job.place_of_use = *place;
    auto objective = parse_objective(wishes.objective);
    if (!objective) return fail(std::move(objective.error()));
    job.objective = *objective;
    auto deadline = deadline_for(wishes, now);
    if (!deadline) return fail(std::move(deadline.error()));
    job.deadline = *deadline;
    auto redo = parse_redo_rule(wishes.redo_after);
    if (!redo) return fail(std::move(redo.error()));
    job.redo = *redo;
    auto licence = licence_of(papers, part.path);
    if (!licence) return fail(std::move(licence.error()));
    job.licence = *licence;
    job.title = title_for(wishes, papers, in_manifest, part);
    return job;
}

}  // namespace nearfab::cli
