// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/checked_file.hpp"

#include "base/spelling.hpp"
#include "cli/check_view.hpp"
#include "cli/design_papers.hpp"
#include "cli/late_bar.hpp"
#include "cli/part_file.hpp"
#include "cli/step_threads.hpp"
#include "geometry/fit/drawing_outline.hpp"
#include "host/durable_file.hpp"
#include "intake/file_refusal.hpp"
#include "proto/model/limits.hpp"
#include "terminal/quantity_text.hpp"

#include "step/part21.hpp"
#include <algorithm>
#include <filesystem>
#include <span>
#include <thread>
#include <utility>

namespace nearfab::cli {
namespace {

// The built-in rows, then those of the file: a later row wins.
Result<std::vector<geometry::ProcessLimits>> limits_with(const std::optional<std::string>& file) {
    auto rows = geometry::read_limit_rows(geometry::builtin_limits_text());
    if (!rows) return fail(rows.error());
    if (file) {
        const auto text = read_file(*file, std::size_t{1} << 20U);
        if (!text) return fail(ErrorCode::invalid_argument, text.error().message, "check the path");
        auto own = geometry::read_limit_rows(std::string{text->begin(), text->end()},
                                             geometry::LimitOrigin::machine);
        if (!own) {
            return fail(
                ErrorCode::invalid_argument, *file + ": " + own.error().message, own.error().next);
        }
        rows->insert(rows->end(), own->begin(), own->end());
    }
    auto limits = geometry::limits_of(*rows);
    if (!limits) {
        return fail(ErrorCode::invalid_argument,
                    (file ? *file + ": " : std::string{}) + limits.error().message,
                    limits.error().next);
    }
    return limits;
}

Result<std::vector<geometry::ProcessLimits>> chosen(
    const std::vector<geometry::ProcessLimits>& table, const std::vector<std::string>& processes) {
    std::vector<geometry::ProcessLimits> some;
    for (const std::string& process : processes) {
        const geometry::ProcessLimits* const limits = geometry::find_limits(table, process);
        if (limits != nullptr) {
            some.push_back(*limits);
            continue;
        }
        std::string known;
        std::vector<std::string> names;
        for (const auto& one : table) {
            known += (known.empty() ? "" : ", ") + one.process;
            names.push_back(one.process);
        }
        const auto like = nearest_word(process, names);
        return fail(ErrorCode::invalid_argument,
                    "--process: no limits are known for " + in_quotes(process),
                    (like ? "did you mean " + *like + "? Otherwise use" : std::string{"use"}) +
                        " one of " + known + ", or give its limits with --limits FILE");
    }
    return some;
}

// A check has few steps that take long; more threads than these find nothing to do.
unsigned threads_for_checks() {
    constexpr unsigned most = 4;
    return std::clamp(std::thread::hardware_concurrency(), 1U, most);
}

// The one way to lie on a sheet stands for all three.
geometry::Stances lying_flat(const geometry::FlatCheck& flat, std::optional<double> thickness_mm) {
    geometry::Stances stances;
    stances.fill(
        {geometry::UpAxis::z, thickness_mm.value_or(0), geometry::outline_of(flat.drawing).points});
    return stances;
}

// On its axes if it fits so, for machines get it so; else as it fits, or misses least, otherwise.
void ask_for_room(CheckedFile& checked,
                  const geometry::WorkEnvelope& bed,
                  std::optional<double> thickness_mm) {
    const geometry::PartCheck& check = *checked.check;
    checked.fit = geometry::fit_into(
        check.solid ? check.solid->report.stances : lying_flat(*check.flat, thickness_mm), bed);
    geometry::EnvelopeFit& fit = *checked.fit;
    if (fit.fits || !check.solid) return;
    const auto turned = geometry::best_turned(check.facts.turned, bed);
    if (!turned || (!turned->fit.fits && turned->fit.excess_mm >= fit.best.excess_mm)) return;
    fit.best = turned->fit;
    fit.fits = turned->fit.fits;
    checked.turned_up = turned->up;
}

void judge(CheckedFile& checked, const CheckSettings& settings, const std::string& name) {
    if (auto refused = intake::refusal_of(*checked.check, name, settings.asked)) {
        checked.rejection = std::move(refused->error);
        checked.rule = std::move(refused->rule);
        checked.no_process = std::move(refused->no_process);
    }
    if (!settings.bed) return;
    ask_for_room(checked, *settings.bed, settings.thickness_mm);
    if (checked.fit->fits || checked.rejection) return;
    checked.rejection = Error{ErrorCode::invalid_file,
                              name + " does not fit: " + misfit_text(checked),
                              "choose a larger machine, or split the part"};
}

}  // namespace

Result<CheckSettings> check_settings(const std::optional<std::string>& bed,
                                     const std::vector<std::string>& processes,
                                     const std::optional<std::string>& limits_file) {
    CheckSettings settings;
    if (bed) {
        auto size = parse_bed(*bed);
        if (!size) {
            return fail(
                ErrorCode::invalid_argument, "--bed: " + size.error().message, size.error().next);
        }
        settings.bed = *size;
    }
    auto table = limits_with(limits_file);
    if (!table) return fail(table.error());
    settings.limits = std::move(*table);
    settings.asked.own_limits = limits_file.has_value();
    if (processes.empty()) return settings;
    auto some = chosen(settings.limits, processes);
    if (!some) return fail(some.error());
    settings.limits = std::move(*some);
    settings.asked.named = true;
    return settings;
}

CheckedFile check_file(const std::string& name,
                       const CheckSettings& settings,
                       const Screen& screen) {
    CheckedFile checked;
    checked.file = name;
    checked.asked = settings.asked;
    const std::string short_name = std::filesystem::path{name}.filename().string();
    auto bytes = read_design(name);
    if (!bytes) {
        checked.rejection = bytes.error();
        checked.looked_at = is_of_file(bytes.error());
        return checked;
    }
    checked.bytes = bytes->size();
    checked.hash = hash_of(*bytes);
    LateBar bar{screen, "checking"};
    geometry::PartCheckOptions options;
    options.limits = settings.limits;
    options.unit = settings.unit;
    options.drawing.operations = geometry::operation_rules_of(settings.operations);
    options.sheet_thickness_mm = settings.thickness_mm;
    options.envelope = settings.bed;
    options.progress = [&bar](std::string_view step, double share) { bar.show(step, share); };
    options.file_read = [&bytes] { *bytes = LargeArray<std::uint8_t>{}; };
    options.run_steps = [&options](std::span<const geometry::CheckStep> steps) {
        run_steps(steps, threads_for_checks(), options.progress);
    };
    checked.step = step::is_step(*bytes);
    auto check = checked.step ? check_step(*bytes, settings.step, options, screen)
                              : geometry::check_part(*bytes, options);
    if (!check) {
        checked.rejection = prefixed(short_name + ": ", check.error());
        checked.looked_at = !checked.step || is_of_file(check.error());
        return checked;
    }
    checked.check = std::move(*check);
    judge(checked, settings, short_name);
    const auto papers = find_papers({.design = name, .licence = {}, .manifest = {}});
    if (papers) {
        checked.licence = papers->licence;
        for (const std::string& remark : papers->remarks)
            screen.remark("warning: " + remark);
    } else if (!checked.rejection) {
        checked.rejection = papers.error();
    }
    return checked;
}

std::vector<json::FileReport> reports_of(const std::vector<CheckedFile>& files) {
    std::vector<json::FileReport> reports;
    for (const CheckedFile& file : files) {
        reports.push_back({file.file,
                           file.bytes,
                           file.hash,
                           file.check ? &*file.check : nullptr,
                           file.rejection,
                           file.fit,
                           file.turned_up,
                           file.licence});
    }
    return reports;
}
}  // namespace nearfab::cli
