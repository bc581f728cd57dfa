// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/requirements.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace nearfab::router {
namespace {

std::string materials_of(const Capability& machine) {
    std::string names;
    for (const MaterialStock& stock : machine.materials) {
        if (!names.empty()) names += ", ";
        names += stock.material.text();
    }
    return names.empty() ? "nothing" : names;
}

double available_g(const Capability& machine, const MaterialId& material) {
    double grams = 0;
    for (const MaterialStock& stock : machine.materials) {
        if (stock.material == material) grams += stock.available_g;
    }
    return grams;
}

std::optional<Unmet> has_process(const MachineChoice& choice) {
    const ProcessId& needed = choice.question.part.process;
    const ProcessId& offered = choice.machine.capability->process;
    if (offered == needed) return std::nullopt;
    return Unmet{
        needed.text(),
        offered.text(),
        fmt::format(
            "process: the part needs {}, the machine does {}", needed.text(), offered.text())};
}

std::optional<Unmet> is_available(const MachineChoice& choice) {
    const auto unmet = [](std::string offered) {
        std::string text = "available: the machine is " + offered;
        return Unmet{"a machine that takes work", std::move(offered), std::move(text)};
    };
    if (!choice.fab.connected) return unmet("not connected");
    if (choice.fab.stale) return unmet("silent: its advertisement has run out");
    const MachineState state = choice.machine.capability->state;
    if (!takes_offers(state)) return unmet(to_string(state));
    const std::uint32_t places = choice.rules.queue_per_machine_max;
    if (choice.machine.queued >= places) {
        return Unmet{"a free place in the queue",
                     fmt::format("{} of {} taken", choice.machine.queued, places),
                     fmt::format("available: {} of {} places in the machine's queue are taken",
                                 choice.machine.queued,
                                 places)};
    }
    const std::uint32_t share = choice.rules.waiting_per_job_and_fab_max;
    if (choice.fab.of_job >= share) {
        return Unmet{
            "a free place for this job",
            fmt::format("{} of {} taken", choice.fab.of_job, share),
            fmt::format("available: {} of {} places for one job at this fab are taken by its other "
                        "pieces",
                        choice.fab.of_job,
                        share)};
    }
    return std::nullopt;
}

std::optional<Unmet> has_material(const MachineChoice& choice) {
    const MaterialId& needed = choice.question.part.material;
    const Capability& machine = *choice.machine.capability;
    const bool loaded = std::any_of(machine.materials.begin(),
                                    machine.materials.end(),
                                    [&](const MaterialStock& s) { return s.material == needed; });
    if (loaded) return std::nullopt;
    const std::string offered = materials_of(machine);
    return Unmet{
        needed.text(),
        offered,
        fmt::format("material: the part needs {}, the machine has {}", needed.text(), offered)};
}

constexpr auto span_s_most = static_cast<double>(limits::span_s_max);
constexpr std::array<const char*, 3> axis_names{"X", "Y", "Z"};

// The direction in which the best stance misses most.
Unmet envelope_miss(const geometry::StanceFit& miss, const Capability& machine) {
    const std::array<double, 3> part{miss.x_mm, miss.y_mm, miss.z_mm};
    const std::array<double, 3> room{
        machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm};
    std::size_t worst = 0;
    for (std::size_t i = 1; i < 3; ++i) {
        if (part[i] - room[i] > part[worst] - room[worst]) worst = i;
    }
    std::string needed = fmt::format("{:.1f} mm in {}", part[worst], axis_names[worst]);
    if (miss.turn_deg > 0) needed += fmt::format(", turned {:.0f} degrees", miss.turn_deg);
    const std::string offered = fmt::format("{:.1f} mm", room[worst]);
    const std::string turned =
        miss.turn_deg > 0 ? fmt::format(", turned {:.0f} degrees", miss.turn_deg) : std::string{};
    return Unmet{needed,
                 offered,
                 fmt::format("envelope: part {:.1f} mm > machine {:.1f} mm in {}, however it is "
                             "turned (least excess {:.1f} mm{})",
                             part[worst],
                             room[worst],
                             axis_names[worst],
                             miss.excess_mm,
                             turned)};
}

std::optional<Unmet> fits_envelope(const MachineChoice& choice) {
    const Capability& machine = *choice.machine.capability;
    const auto fit =
        geometry::fit_into(choice.question.stances,
                           {machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm});
    if (fit.fits) return std::nullopt;
    return envelope_miss(fit.best, machine);
}

std::optional<Unmet> has_enough_material(const MachineChoice& choice) {
    const double loaded = available_g(*choice.machine.capability, choice.question.part.material);
    const double free = std::max(0.0, loaded - choice.machine.promised_g);
    if (free >= choice.question.mass_g) return std::nullopt;
    return Unmet{fmt::format("{:.0f} g", choice.question.mass_g),
                 fmt::format("{:.0f} g", free),
                 fmt::format("material amount: the part needs up to {:.0f} g of {}, the machine "
                             "has {:.0f} g free",
                             choice.question.mass_g,
                             choice.question.part.material.text(),
                             free)};
}

std::optional<Unmet> at_most(const char* what,
                             const std::optional<double>& needed_mm,
                             double offered_mm) {
    if (!needed_mm || offered_mm <= *needed_mm) return std::nullopt;
    return Unmet{fmt::format("{:.2f} mm", *needed_mm),
                 fmt::format("{:.2f} mm", offered_mm),
                 fmt::format("{}: the part needs {:.2f} mm or finer, the machine offers {:.2f} mm",
                             what,
                             *needed_mm,
                             offered_mm)};
}

std::optional<Unmet> resolves_feature(const MachineChoice& choice) {
    const Question& question = choice.question;
    const double offered = choice.machine.capability->min_feature_mm;
    if (question.part.min_feature_mm || !question.finest) {
        return at_most("feature", question.part.min_feature_mm, offered);
    }
    if (offered <= needed_feature_mm(question)) return std::nullopt;
    const NeededFeature& finest = *question.finest;
    const std::string where =
        finest.length.at ? " (" + place_text(finest.length.at) + ")" : std::string{};
    return Unmet{fmt::format("{:.2f} mm, {}{}", finest.length.mm, finest.what, where),
                 fmt::format("{:.2f} mm", offered),
                 fmt::format("feature: {} of the part is {:.2f} mm{}, the machine makes nothing "
                             "finer than {:.2f} mm",
                             finest.what,
                             finest.length.mm,
                             where,
                             offered)};
}

std::optional<Unmet> holds_tolerance(const MachineChoice& choice) {
    return at_most(
        "tolerance", choice.question.part.tolerance_mm, choice.machine.capability->tolerance_mm);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

std::optional<Unmet> licence_is_accepted(const MachineChoice& choice) {
    if (!choice.question.licence) return std::nullopt;  // A quote may leave it open.
    const auto& terms = choice.fab.advertisement->terms.licences;
    if (choice.question.licence->covered_by(terms)) return std::nullopt;
    const std::string needed = choice.question.licence->text();
    const std::string offered = terms.empty() ? "none" : joined(terms);
    return Unmet{
        needed,
        offered,
        fmt::format("licence: the design is under {}, the fab accepts {}", needed, offered)};
}

std::optional<Unmet> submitter_is_accepted(const MachineChoice& choice) {
    const auto& accepted = choice.fab.advertisement->terms.submitters;
    const std::string& who = choice.question.submitter.text();
    if (accepted.empty() || std::find(accepted.begin(), accepted.end(), who) != accepted.end()) {
        return std::nullopt;
    }
    return Unmet{who,
                 joined(accepted),
                 fmt::format("submitter: the fab works for {}, not for {}", joined(accepted), who)};
}

std::optional<Unmet> meets_deadline(const MachineChoice& choice) {
    if (!choice.question.deadline_s) return std::nullopt;
    const std::int64_t finish = finish_seconds(choice.question, choice.machine);
    if (finish <= *choice.question.deadline_s) return std::nullopt;
    const auto hours = [](std::int64_t seconds) { return static_cast<double>(seconds) / 3600.0; };
    return Unmet{fmt::format("within {:.1f} h", hours(*choice.question.deadline_s)),
                 fmt::format("{:.1f} h", hours(finish)),
                 fmt::format("deadline: needed within {:.1f} h, the machine would finish in {:.1f} "
                             "h",
                             hours(*choice.question.deadline_s),
                             hours(finish))};
}

std::optional<Unmet> has_not_refused(const MachineChoice& choice) {
    const std::string& why =
        choice.fab.refusal.empty() ? choice.machine.unsafe : choice.fab.refusal;
    if (why.empty()) return std::nullopt;
    return Unmet{"a fab that has not said no", why, "not asked again: " + why};
}

std::optional<Unmet> is_trusted(const MachineChoice& choice) {
    if (choice.fab.distrust.empty()) return std::nullopt;
    return Unmet{
        "a fab without repeated failures", choice.fab.distrust, "trust: " + choice.fab.distrust};
}

constexpr std::array<NamedCheck, 12> checks{{
    {Requirement::process, has_process},
    {Requirement::available, is_available},
    {Requirement::material, has_material},
    {Requirement::envelope, fits_envelope},
    {Requirement::material_amount, has_enough_material},
    {Requirement::feature, resolves_feature},
    {Requirement::tolerance, holds_tolerance},
    {Requirement::licence, licence_is_accepted},
    {Requirement::submitter, submitter_is_accepted},
    {Requirement::deadline, meets_deadline},
    {Requirement::not_declined, has_not_refused},
    {Requirement::trusted, is_trusted},
}};

}  // namespace

std::span<const NamedCheck> requirements() {
    return checks;
}

double needed_feature_mm(const Question& question) {
    if (question.part.min_feature_mm) return *question.part.min_feature_mm;
    if (question.finest) return question.finest->length.mm * (1 + width_doubt);
    return std::numeric_limits<double>::infinity();
}

std::int64_t making_seconds(const Question& question, const Capability& machine) {
    // Between a hair and the longest span a message may carry, whatever a fab claims.
    const double rate = std::max(machine.build_rate_cm3_per_h, 0.01);
    if (question.typical_time_s && !question.time_follows_rate) {
        // Clamping and finding zero are in it already.
        return static_cast<std::int64_t>(
            std::llround(std::min(*question.typical_time_s, span_s_most)));
    }
    const double alone = question.typical_time_s
                             ? *question.typical_time_s * typical_fdm_rate_cm3_per_h / rate
                             : question.volume_cm3 / rate * 3600.0;
    const double making = std::min(alone, span_s_most);
    return std::min(setup_s + static_cast<std::int64_t>(std::llround(making)), limits::span_s_max);
}

std::int64_t finish_seconds(const Question& question, const MachineView& machine) {
    const std::int64_t backlog = std::max(machine.capability->backlog_s, machine.promised_s);
    return std::min(
        std::min(backlog, limits::span_s_max) + making_seconds(question, *machine.capability),
        limits::span_s_max);
}

}  // namespace nearfab::router
