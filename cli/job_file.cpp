// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_file.hpp"

#include "host/config_file.hpp"
#include "proto/model/limits.hpp"
#include "terminal/quantity_text.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::cli {
namespace {

constexpr double carbon_price_max = 1e9;

// All three ask for the key even when it is not there, so that it is known for "did you mean".
std::optional<std::string> text_in(ConfigTable& table, std::string_view key) {
    std::string text = table.text(key, std::string{});
    return table.has(key) ? std::optional{std::move(text)} : std::nullopt;
}

std::optional<double> number_in(ConfigTable& table, std::string_view key, double max) {
    const double number = table.number(key, 0, max, 0);
    return table.has(key) ? std::optional{number} : std::nullopt;
}

std::optional<std::int64_t> quantity_in(ConfigTable& table) {
    const std::int64_t quantity = table.whole("quantity", 1, limits::quantity_max, 1);
    return table.has("quantity") ? std::optional{quantity} : std::nullopt;
}

LengthUnit unit_in(ConfigTable& table) {
    const auto word = text_in(table, "unit");
    if (!word) return LengthUnit::unstated;
    if (const auto unit = find_length_unit(*word)) return *unit;
    table.complain("unit",
                   in_quotes(*word) + " is no known unit of length",
                   "use one of " + std::string{known_length_units()});
    return LengthUnit::unstated;
}

LineRules operations_in(ConfigTable& table) {
    LineRules rules;
    for (const std::string& text : table.texts("operations", std::vector<std::string>{})) {
        auto rule = read_line_rule(text);
        if (!rule) {
            table.complain("operations", rule.error().message, rule.error().next);
            continue;
        }
        rules.push_back(std::move(*rule));
    }
    if (rules.size() > line_rules_max) {
        table.complain("operations",
                       "there are " + std::to_string(rules.size()) + " of them",
                       "give at most " + std::to_string(line_rules_max));
    }
    return rules;
}

// What may be said of a part, and of all parts at once.
PartWishes part_wishes_in(ConfigTable& table) {
    PartWishes wishes;
    wishes.unit = unit_in(table);
    wishes.operations = operations_in(table);
    wishes.material = text_in(table, "material");
    wishes.process = text_in(table, "process");
    wishes.quantity = quantity_in(table);
    wishes.min_feature_mm = number_in(table, "min_feature_mm", limits::coordinate_mm_max);
    wishes.tolerance_mm = number_in(table, "tolerance_mm", limits::coordinate_mm_max);
    wishes.thickness_mm = number_in(table, "thickness_mm", limits::coordinate_mm_max);
    return wishes;
}

template <typename T>
void fill(std::optional<T>& wish, const std::optional<T>& otherwise) {
    if (!wish) wish = otherwise;
}

void fill(PartWishes& wishes, const PartWishes& otherwise) {
    if (wishes.unit == LengthUnit::unstated) wishes.unit = otherwise.unit;
    if (wishes.operations.empty()) wishes.operations = otherwise.operations;
    fill(wishes.material, otherwise.material);
    fill(wishes.process, otherwise.process);
    fill(wishes.quantity, otherwise.quantity);
    fill(wishes.min_feature_mm, otherwise.min_feature_mm);
    fill(wishes.tolerance_mm, otherwise.tolerance_mm);
    fill(wishes.thickness_mm, otherwise.thickness_mm);
}

void fill_job(JobWishes& wishes, ConfigFile& file, ConfigTable& root) {
    fill(wishes.title, text_in(root, "title"));
    fill(wishes.at, text_in(root, "at"));
    fill(wishes.licence, text_in(root, "licence"));
    if (const auto manifest = text_in(root, "manifest")) {
        fill(wishes.manifest, std::optional{file.resolve(*manifest).string()});
    }
    fill(wishes.prefer, text_in(root, "prefer"));
    fill(wishes.currency, text_in(root, "currency"));
    fill(wishes.carbon_price, number_in(root, "carbon_price", carbon_price_max));
    fill(wishes.deadline, text_in(root, "deadline"));
    fill(wishes.redo_after, text_in(root, "redo_after"));
    fill(wishes.every_part, part_wishes_in(root));
}

Result<JobWishes> read_job_file(JobWishes wishes, const std::string& name) {
    auto file = ConfigFile::load(name);
    if (!file) return fail(file.error());
    ConfigTable root = file->root();
    fill_job(wishes, *file, root);
    for (ConfigTable& part : root.tables("part")) {
        PartWishes one = part_wishes_in(part);
        const std::string path = part.text("file");
        one.file = file->resolve(path).string();
        one.said_in = std::filesystem::path{name}.filename().string() + ", " + path;
        one.thickness_is_for_all = !one.thickness_mm;
        fill(one, wishes.every_part);
        wishes.parts.push_back(std::move(one));
    }
    if (wishes.parts.empty()) {
        root.complain("part", "the job has no part", "add [[part]] with file = \"NAME\"");
    }
    if (auto status = file->finish(); !status) return fail(status.error());
    return wishes;
}

}  // namespace

bool is_job_file(std::string_view name) {
    return name.ends_with(".toml");
}

Result<JobWishes> complete_wishes(JobWishes typed) {
    const auto job_file = std::find_if(typed.files.begin(), typed.files.end(), is_job_file);
    if (job_file != typed.files.end()) {
        if (typed.files.size() > 1) {
            return fail(
                ErrorCode::invalid_argument,
                in_quotes(*job_file) + " is a job file, and other files are given beside it",
                "name the other files in it, or leave it out");
        }
        auto read = read_job_file(typed, *job_file);
        if (!read) return fail(read.error());
        typed = std::move(*read);
    } else {
        for (const std::string& name : typed.files) {
            typed.parts.push_back(typed.every_part);
            typed.parts.back().file = name;
            typed.parts.back().thickness_is_for_all = typed.files.size() > 1;
        }
    }
    if (typed.parts.size() > limits::parts_max) {
        return fail(ErrorCode::invalid_argument,
                    "the job has " + std::to_string(typed.parts.size()) +
                        " parts; a job may have " + std::to_string(limits::parts_max),
                    "submit it as several jobs");
    }
    return typed;
}

}  // namespace nearfab::cli
