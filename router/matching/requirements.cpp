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

bool has_process(const MachineChoice& choice) {
    return choice.machine.capability->process == choice.question.part.process;
}

Unmet without_process(const MachineChoice& choice) {
    const ProcessId& needed = choice.question.part.process;
    const ProcessId& offered = choice.machine.capability->process;
    return Unmet{
        needed.text(),
        offered.text(),
        fmt::format(
            "process: the part needs {}, the machine does {}", needed.text(), offered.text())};
}

bool is_free(const FabView& fab, const MachineView& machine, const MatchingRules& rules) {
    return fab.connected && !fab.stale && takes_offers(machine.capability->state) &&
           machine.queued < rules.queue_per_machine_max;
}

std::uint32_t waiting_of_job(const MachineChoice& choice) {
    const auto& waiting = choice.question.history.waiting_of_job;
    const auto found = waiting.find(choice.fab.fab);
    return found == waiting.end() ? 0 : found->second;
}

bool is_available(const MachineChoice& choice) {
    return is_free(choice.fab, choice.machine, choice.rules) &&
           waiting_of_job(choice) < choice.rules.waiting_per_job_and_fab_max;
}

Unmet unavailable(const MachineChoice& choice) {
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
    const std::uint32_t taken = waiting_of_job(choice);
    return Unmet{
        "a free place for this job",
        fmt::format("{} of {} taken", taken, share),
        fmt::format("available: {} of {} places for one job at this fab are taken by its other "
                    "pieces",
                    taken,
                    share)};
}

bool has_material(const MachineChoice& choice) {
    const auto& materials = choice.machine.capability->materials;
    return std::any_of(materials.begin(), materials.end(), [&](const MaterialStock& stock) {
        return stock.material == choice.question.part.material;
    });
}

Unmet without_material(const MachineChoice& choice) {
    const MaterialId& needed = choice.question.part.material;
    const std::string offered = materials_of(*choice.machine.capability);
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

geometry::WorkEnvelope envelope_of(const Capability& machine) {
    return {machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm};
}

bool fits_envelope(const MachineChoice& choice) {
    return choice.question.room.fits(envelope_of(*choice.machine.capability));
}

Unmet too_large(const MachineChoice& choice) {
    const Capability& machine = *choice.machine.capability;
    const auto fit = geometry::fit_into(choice.question.room.stances(), envelope_of(machine));
    return envelope_miss(fit.best, machine);
}

bool has_enough_material(const MachineChoice& choice) {
    return free_g(choice.machine, choice.question.part.material) >= choice.question.mass_g;
}

Unmet too_little_material(const MachineChoice& choice) {
    const double free = free_g(choice.machine, choice.question.part.material);
    return Unmet{fmt::format("{:.0f} g", choice.question.mass_g),
                 fmt::format("{:.0f} g", free),
                 fmt::format("material amount: the part needs up to {:.0f} g of {}, the machine "
                             "has {:.0f} g free",
                             choice.question.mass_g,
                             choice.question.part.material.text(),
                             free)};
}

Unmet too_coarse(const char* what, double needed_mm, double offered_mm) {
    return Unmet{fmt::format("{:.2f} mm", needed_mm),
                 fmt::format("{:.2f} mm", offered_mm),
                 fmt::format("{}: the part needs {:.2f} mm or finer, the machine offers {:.2f} mm",
                             what,
                             needed_mm,
                             offered_mm)};
}

bool resolves_feature(const MachineChoice& choice) {
    return resolves(choice.question, choice.machine.capability->min_feature_mm);
}

Unmet too_coarse_a_feature(const MachineChoice& choice) {
    const Question& question = choice.question;
    const double offered = choice.machine.capability->min_feature_mm;
    if (question.part.min_feature_mm) {
        return too_coarse("feature", *question.part.min_feature_mm, offered);
    }
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

bool holds_tolerance(const MachineChoice& choice) {
    return holds(choice.question, choice.machine.capability->tolerance_mm);
}

Unmet too_wide_a_tolerance(const MachineChoice& choice) {
    return too_coarse(
        "tolerance", *choice.question.part.tolerance_mm, choice.machine.capability->tolerance_mm);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

bool licence_is_accepted(const MachineChoice& choice) {
    return accepts_licence(choice.question, choice.fab.advertisement->terms);
}

Unmet licence_not_accepted(const MachineChoice& choice) {
    const auto& terms = choice.fab.advertisement->terms.licences;
    const std::string needed = choice.question.licence->text();
    const std::string offered = terms.empty() ? "none" : joined(terms);
    return Unmet{
        needed,
        offered,
        fmt::format("licence: the design is under {}, the fab accepts {}", needed, offered)};
}

bool submitter_is_accepted(const MachineChoice& choice) {
    return accepts_submitter(choice.question, choice.fab.advertisement->terms);
}

Unmet submitter_not_accepted(const MachineChoice& choice) {
    const auto& accepted = choice.fab.advertisement->terms.submitters;
    const std::string& who = choice.question.submitter.text();
    return Unmet{who,
                 joined(accepted),
                 fmt::format("submitter: the fab works for {}, not for {}", joined(accepted), who)};
}

bool meets_deadline(const MachineChoice& choice) {
    return !choice.question.deadline_s ||
           finish_seconds(choice.question, choice.machine) <= *choice.question.deadline_s;
}

Unmet too_late(const MachineChoice& choice) {
    const std::int64_t finish = finish_seconds(choice.question, choice.machine);
    const auto hours = [](std::int64_t seconds) { return static_cast<double>(seconds) / 3600.0; };
    return Unmet{fmt::format("within {:.1f} h", hours(*choice.question.deadline_s)),
                 fmt::format("{:.1f} h", hours(finish)),
                 fmt::format("deadline: needed within {:.1f} h, the machine would finish in {:.1f} "
                             "h",
                             hours(*choice.question.deadline_s),
                             hours(finish))};
}

// Empty when nobody said no.
std::string refusal(const MachineChoice& choice) {
    const WorkHistory& history = choice.question.history;
    const auto said_no = history.refusals.find(choice.fab.fab);
    if (said_no != history.refusals.end()) return said_no->second;
    if (history.unsafe.empty()) return {};
    const auto unsafe = history.unsafe.find({choice.fab.fab, choice.machine.capability->machine});
    return unsafe == history.unsafe.end() ? std::string{} : unsafe->second;
}

bool has_not_refused(const MachineChoice& choice) {
    const WorkHistory& history = choice.question.history;
    return (history.refusals.empty() && history.unsafe.empty()) || refusal(choice).empty();
}

Unmet has_refused(const MachineChoice& choice) {
    const std::string why = refusal(choice);
    return Unmet{"a fab that has not said no", why, "not asked again: " + why};
}

bool is_trusted(const MachineChoice& choice) {
    return choice.fab.distrust.empty();
}

Unmet distrusted(const MachineChoice& choice) {
    return Unmet{
        "a fab without repeated failures", choice.fab.distrust, "trust: " + choice.fab.distrust};
}

constexpr std::array<NamedCheck, 12> checks{{
    {Requirement::process, has_process, without_process},
    {Requirement::available, is_available, unavailable},
    {Requirement::material, has_material, without_material},
    {Requirement::envelope, fits_envelope, too_large},
    {Requirement::material_amount, has_enough_material, too_little_material},
    {Requirement::feature, resolves_feature, too_coarse_a_feature},
    {Requirement::tolerance, holds_tolerance, too_wide_a_tolerance},
    {Requirement::licence, licence_is_accepted, licence_not_accepted},
    {Requirement::submitter, submitter_is_accepted, submitter_not_accepted},
    {Requirement::deadline, meets_deadline, too_late},
    {Requirement::not_declined, has_not_refused, has_refused},
    {Requirement::trusted, is_trusted, distrusted},
}};

}  // namespace

std::span<const NamedCheck> requirements() {
    return checks;
}

const NamedCheck* first_unmet(const MachineChoice& choice) {
    const auto unmet = std::find_if(
        checks.begin(), checks.end(), [&](const NamedCheck& check) { return !check.met(choice); });
    return unmet == checks.end() ? nullptr : &*unmet;
}

bool fails_only(const MachineChoice& choice, Requirement requirement) {
    bool fails = false;
    for (const NamedCheck& check : checks) {
        if (check.met(choice)) continue;
        if (check.requirement != requirement) return false;
        fails = true;
    }
    return fails;
}

std::optional<MaterialStock> most_free(const MachineView& machine) {
    std::optional<MaterialStock> most;
    for (const MaterialStock& stock : machine.capability->materials) {
        const double free = free_g(machine, stock.material);
        if (!most || free > most->available_g) most = MaterialStock{stock.material, free};
    }
    return most;
}

bool takes_work(const FabView& fab, const MachineView& machine, const MatchingRules& rules) {
    return is_free(fab, machine, rules) && fab.distrust.empty();
}

bool cannot_as_it_is(const MachineChoice& choice) {
    return !has_process(choice) || !takes_work(choice.fab, choice.machine, choice.rules) ||
           !fits_envelope(choice) || !resolves_feature(choice) || !holds_tolerance(choice) ||
           !licence_is_accepted(choice) || !submitter_is_accepted(choice);
}

bool resolves(const Question& question, double min_feature_mm) {
    return min_feature_mm <= needed_feature_mm(question);
}

bool holds(const Question& question, double tolerance_mm) {
    return !question.part.tolerance_mm || tolerance_mm <= *question.part.tolerance_mm;
}

bool accepts_licence(const Question& question, const FabTerms& terms) {
    // A quote may leave it open.
    return !question.licence || question.licence->covered_by(terms.licences);
}

bool accepts_submitter(const Question& question, const FabTerms& terms) {
    return terms.submitters.empty() ||
           std::find(terms.submitters.begin(), terms.submitters.end(), question.submitter.text()) !=
               terms.submitters.end();
}

double free_g(const MachineView& machine, const MaterialId& material) {
    double grams = 0;
    for (const MaterialStock& stock : machine.capability->materials) {
        if (stock.material == material) grams += stock.available_g;
    }
    for (const MaterialStock& promised : machine.promised) {
        if (promised.material == material) grams -= promised.available_g;
    }
    return std::max(0.0, grams);
}

std::int64_t wait_seconds(const MachineView& machine) {
    return std::min(std::max(machine.capability->backlog_s, machine.promised_s),
                    limits::span_s_max);
}

double needed_feature_mm(const Question& question) {
    if (question.part.min_feature_mm) return *question.part.min_feature_mm;
    if (question.finest) return question.finest->length.mm * (1 + width_doubt);
    return std::numeric_limits<double>::infinity();
}

std::optional<double> effort_cm3(const Question& question) {
    if (!question.typical_time_s) return question.volume_cm3;
    if (!question.time_follows_rate) return std::nullopt;
    return *question.typical_time_s / 3600.0 * typical_fdm_rate_cm3_per_h;
}

std::int64_t making_seconds(const Question& question, double build_rate_cm3_per_h) {
    const auto whole = [](double seconds) {
        return static_cast<std::int64_t>(std::llround(std::min(seconds, span_s_most)));
    };
    const std::optional<double> effort = effort_cm3(question);
    // Clamping and finding zero are in a time that does not follow the rate already.
    if (!effort) return whole(*question.typical_time_s);
    // Between a hair and the longest span a message may carry, whatever a fab claims.
    const double rate = std::max(build_rate_cm3_per_h, 0.01);
    return std::min(setup_s + whole(*effort / rate * 3600.0), limits::span_s_max);
}

std::int64_t finish_seconds(const Question& question, const MachineView& machine) {
    return std::min(
        wait_seconds(machine) + making_seconds(question, machine.capability->build_rate_cm3_per_h),
        limits::span_s_max);
}

}  // namespace nearfab::router
