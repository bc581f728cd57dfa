// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_request.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/money.hpp"
#include "proto/model/process.hpp"
#include "proto/model/text.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfab::cli {
namespace {

tl::unexpected<Error> wrong(std::string message, std::string next) {
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(next));
}

const intake::ManifestPart* manifest_part(const ReadPart& part) {
    if (!part.papers.manifest) return nullptr;
    return part.papers.manifest->part_of_file(part.file.path.filename().string());
}

// What is to blame: "--material", "job.toml, rack.stl: material".
std::string said_as(const PartWishes& wishes, const std::string& key) {
    if (!wishes.said_in.empty()) return wishes.said_in + ": " + key;
    std::string option = "--" + key.substr(0, key.find("_mm"));
    std::replace(option.begin(), option.end(), '_', '-');
    return option;
}

tl::unexpected<Error> unknown_material(const std::string& name, const std::string& origin) {
    const auto meant = material_like(name);
    return wrong(origin + ": material " + in_quotes(name) + " is not known" +
                     (meant ? "; did you mean " + in_quotes(*meant) + "?" : ""),
                 "use one of " + known_material_ids());
}

tl::unexpected<Error> unknown_process(const PartWishes& wishes) {
    return wrong(said_as(wishes, "process") + ": " + in_quotes(*wishes.process) + " is not known",
                 "use one of " + std::string{known_process_ids()});
}

Result<std::uint32_t> quantity_for(const PartWishes& wishes) {
    const std::int64_t quantity = wishes.quantity.value_or(1);
    if (quantity >= 1 && quantity <= std::int64_t{limits::quantity_max}) {
        return static_cast<std::uint32_t>(quantity);
    }
    return wrong(said_as(wishes, "quantity") + ": " + std::to_string(quantity) +
                     " is out of range: allowed is 1 to " + std::to_string(limits::quantity_max),
                 quantity < 1 ? "give the number of pieces, at least 1"
                              : "submit larger series as several jobs");
}

Result<MaterialId> material_for(const PartWishes& wishes,
                                const DesignPapers& papers,
                                const intake::ManifestPart* in_manifest) {
    std::optional<std::string> name = wishes.material;
    std::string origin = said_as(wishes, "material");
    if (!name && papers.manifest) {
        name = in_manifest != nullptr && in_manifest->material ? in_manifest->material
                                                               : papers.manifest->material;
        origin = papers.manifest_file.filename().string();
    }
    if (!name) {
        const std::string file = wishes.said_in.empty() ? "" : wishes.said_in + ": ";
        return wrong(file + "no material is given",
                     "give one with --material; known are " + known_material_ids());
    }
    if (const auto material = find_material(*name)) return MaterialId{std::string{material->id}};
    return unknown_material(*name, origin);
}

Result<ProcessId> process_for(const PartWishes& wishes,
                              const PartFile& part,
                              const DesignPapers& papers,
                              const intake::ManifestPart* in_manifest) {
    if (wishes.process) {
        const auto process = find_process(*wishes.process);
        if (process) return ProcessId{std::string{process->id}};
        return unknown_process(wishes);
    }
    if (in_manifest != nullptr && in_manifest->process) return *in_manifest->process;
    if (papers.manifest && papers.manifest->process) return *papers.manifest->process;
    return ProcessId{part.facts.drawing ? "laser_cut" : "fdm"};
}

Result<std::optional<double>> millimetres(const std::optional<double>& value,
                                          const std::string& option) {
    if (!value) return std::nullopt;
    if (std::isfinite(*value) && *value > 0 && *value <= limits::coordinate_mm_max) return value;
    return wrong(option + ": " + fixed(*value, 3) +
                     " mm is out of range: allowed is more than 0 up to " +
                     fixed(limits::coordinate_mm_max, 0) + " mm",
                 "give a size in millimetres");
}

Result<Objective> objective_for(const JobWishes& wishes) {
    if (!wishes.prefer) return Objective::nearest;
    for (const Objective objective :
         {Objective::nearest, Objective::soonest, Objective::cheapest, Objective::greenest}) {
        if (to_string(objective) == *wishes.prefer) return objective;
    }
    return wrong("--prefer: " + in_quotes(*wishes.prefer) + " is not known",
                 "use nearest, soonest, cheapest or greenest");
}

// In which prices are compared, and what CO2e costs.
Status take_money(JobSpec& job, const JobWishes& wishes) {
    const bool compares = job.objective == Objective::cheapest;
    if (wishes.carbon_price && !compares) {
        return wrong("--carbon-price: it is only added to prices that are compared",
                     "add --prefer cheapest, or leave it out");
    }
    if (!wishes.currency) {
        if (!compares) return {};
        return wrong("--prefer cheapest: prices are compared in one currency, and none is given",
                     "give it with --currency, for example --currency EUR, or write currency = "
                     "\"EUR\" into your config.toml");
    }
    auto currency = parse_currency(*wishes.currency);
    if (!currency) return wrong("--currency: " + currency.error().message, currency.error().next);
    job.currency = *currency;
    if (!wishes.carbon_price) return {};
    double minor_per_kg = *wishes.carbon_price;
    for (int i = decimals_of(job.currency); i > 0; --i)
        minor_per_kg *= 10;
    const double per_tonne = minor_per_kg * 1000;
    if (!(per_tonne >= 0) || per_tonne > static_cast<double>(limits::rate_max)) {
        return wrong("--carbon-price: what a kg of CO2e costs is out of range: allowed is 0 to " +
                         to_string(Money{job.currency, limits::rate_max / 1000}),
                     "give what a kg of CO2e shall cost, for example --carbon-price 0.19");
    }
    job.carbon_price_per_t = std::llround(per_tonne);
    return {};
}

Result<std::optional<WallTime>> deadline_for(const JobWishes& wishes, WallTime now) {
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

std::string title_of(const ReadPart& part) {
    std::string title;
    if (const auto* in_manifest = manifest_part(part)) title = in_manifest->name;
    if (title.empty() && part.papers.manifest) title = part.papers.manifest->title;
    return title.empty() ? part.file.path.stem().string() : title;
}

// Parts of one design have its name; otherwise the first is named, and the others are counted.
std::string title_for(const JobWishes& wishes, const std::vector<ReadPart>& parts) {
    std::string title = wishes.title.value_or("");
    if (title.empty() && parts.size() == 1) title = title_of(parts.front());
    if (title.empty()) {
        const DesignPapers& first = parts.front().papers;
        const bool one_design = std::all_of(parts.begin(), parts.end(), [&](const ReadPart& p) {
            return p.papers.manifest && p.papers.manifest_file == first.manifest_file;
        });
        if (one_design) title = first.manifest->title;
    }
    if (title.empty()) {
        title = title_of(parts.front()) + " and " +
                counted(parts.size() - 1, "other part", "other parts");
    }
    return clean_text(title, TextKind::line, limits::title_bytes_max);
}

// A fab must accept the licence of each part.
Result<std::string> licence_for(const std::vector<ReadPart>& parts) {
    std::vector<std::string> licences;
    for (const ReadPart& part : parts) {
        auto licence = licence_of(part.papers, part.file.path);
        if (!licence) return fail(std::move(licence.error()));
        const bool known = std::find(licences.begin(), licences.end(), *licence) != licences.end();
        if (!known) licences.push_back(std::move(*licence));
    }
    if (licences.size() == 1) return licences.front();
    std::string all;
    for (const std::string& licence : licences) {
        const bool choice = licence.find(" OR ") != std::string::npos;
        all += (all.empty() ? "" : " AND ") + (choice ? "(" + licence + ")" : licence);
    }
    if (all.size() <= limits::licence_bytes_max) return all;
    return wrong("the parts have " + std::to_string(licences.size()) +
                     " different licences, which are too long together",
                 "submit it as several jobs");
}

Status check_part_words(const PartWishes& wishes) {
    if (wishes.material && !find_material(*wishes.material))
        return unknown_material(*wishes.material, said_as(wishes, "material"));
    if (wishes.process && !find_process(*wishes.process)) return unknown_process(wishes);
    if (auto quantity = quantity_for(wishes); !quantity) return fail(std::move(quantity.error()));
    for (const auto& [length, key] : {std::pair{wishes.min_feature_mm, "min_feature_mm"},
                                      std::pair{wishes.tolerance_mm, "tolerance_mm"},
                                      std::pair{wishes.thickness_mm, "thickness_mm"}}) {
        auto fine = millimetres(length, said_as(wishes, key));
        if (!fine) return fail(std::move(fine.error()));
    }
    return {};
}

Result<PartSpec> part_for(const PartWishes& wishes, const ReadPart& read) {
    const PartFile& part = read.file;
    const DesignPapers& papers = read.papers;
    const intake::ManifestPart* in_manifest = manifest_part(read);
    PartSpec spec;
    spec.design = part.hash;
    spec.unit = part.unit;
    spec.operations = part.operations;
    if (spec.operations.size() > line_rules_max) {
        return fail(ErrorCode::invalid_argument,
                    "--operation is said " + std::to_string(spec.operations.size()) +
                        " times; at most " + std::to_string(line_rules_max) + " are allowed",
                    "name fewer colours and layers, or change the drawing's layers");
    }
    spec.design_bytes = part.bytes.size();
    spec.file_name = clean_text(part.name, TextKind::file_name, limits::file_name_bytes_max);
    auto material = material_for(wishes, papers, in_manifest);
    if (!material) return fail(std::move(material.error()));
    spec.material = *material;
    auto process = process_for(wishes, part, papers, in_manifest);
    if (!process) return fail(std::move(process.error()));
    spec.process = *process;
    auto quantity = quantity_for(wishes);
    if (!quantity) return fail(std::move(quantity.error()));
    spec.quantity = *quantity;
    auto feature = millimetres(wishes.min_feature_mm, said_as(wishes, "min_feature_mm"));
    if (!feature) return fail(std::move(feature.error()));
    spec.min_feature_mm = *feature;
    auto tolerance = millimetres(wishes.tolerance_mm, said_as(wishes, "tolerance_mm"));
    if (!tolerance) return fail(std::move(tolerance.error()));
    spec.tolerance_mm = *tolerance;
    auto thickness = millimetres(wishes.thickness_mm, said_as(wishes, "thickness_mm"));
    if (!thickness) return fail(std::move(thickness.error()));
    const bool meant = part.facts.drawing || !wishes.thickness_is_for_all;
    if (!meant) thickness = std::optional<double>{};
    if (*thickness && !part.facts.drawing) {
        return wrong(said_as(wishes, "thickness_mm") + ": " + part.path.filename().string() +
                         " is a solid and has a thickness of its own",
                     "leave it out; it is for drawings");
    }
    spec.sheet_thickness_mm = *thickness;
    return spec;
}

}  // namespace

std::optional<std::string> currency_like(std::string_view unit) {
    constexpr std::size_t code_letters = 3;
    if (unit.size() <= code_letters || unit.size() > code_letters + 2) return std::nullopt;
    const auto code = [](std::string_view text) -> std::optional<std::string> {
        auto known = parse_currency(text);
        return known ? std::optional{std::move(*known)} : std::nullopt;
    };
    if (auto beginning = code(unit.substr(0, code_letters))) return beginning;  // "EURO", "EUROS"
    if (unit.size() > code_letters + 1) return std::nullopt;
    for (std::size_t i = 0; i < unit.size(); ++i) {  // One letter too many.
        std::string less{unit};
        if (auto known = code(less.erase(i, 1))) return known;
    }
    return std::nullopt;
}

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

Result<JobSpec> job_without_parts(const JobWishes& wishes,
                                  const std::vector<NamedPlace>& places,
                                  WallTime now) {
    JobSpec job;
    auto objective = objective_for(wishes);
    if (!objective) return fail(std::move(objective.error()));
    job.objective = *objective;
    if (auto money = take_money(job, wishes); !money) return fail(std::move(money.error()));
    auto deadline = deadline_for(wishes, now);
    if (!deadline) return fail(std::move(deadline.error()));
    job.deadline = *deadline;
    auto redo = parse_redo_rule(wishes.redo_after.value_or("never"));
    if (!redo) return fail(std::move(redo.error()));
    job.redo = *redo;
    for (const PartWishes& part : wishes.parts) {
        if (auto fine = check_part_words(part); !fine) return fail(std::move(fine.error()));
    }
    if (wishes.licence) {
        if (auto fine = check_licence(*wishes.licence); !fine) return fail(std::move(fine.error()));
    }
    if (!wishes.at) {  // What is wrong is told before what is missing.
        return wrong("--at PLACE is missing",
                     "give --at PLACE: where it will be used, LAT,LON or a name of your places");
    }
    auto place = find_place(*wishes.at, places);
    if (!place) return wrong("--at: " + place.error().message, place.error().next);
    job.place_of_use = *place;
    return job;
}

Result<JobSpec> make_job(const JobWishes& wishes,
                         const std::vector<ReadPart>& parts,
                         const std::vector<NamedPlace>& places,
                         WallTime now) {
    auto begun = job_without_parts(wishes, places, now);
    if (!begun) return fail(std::move(begun.error()));
    JobSpec& job = *begun;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto spec = part_for(wishes.parts[i], parts[i]);
        if (!spec) return fail(std::move(spec.error()));
        job.parts.push_back(std::move(*spec));
    }
    auto licence = licence_for(parts);
    if (!licence) return fail(std::move(licence.error()));
    job.licence = *licence;
    job.title = title_for(wishes, parts);
    return begun;
}

}  // namespace nearfab::cli
