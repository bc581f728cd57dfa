// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/matcher.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/alternatives.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/preference.hpp"
#include "router/matching/ranking.hpp"
#include "router/matching/requirements.hpp"
#include "router/matching/scan.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <tuple>

namespace nearfab::router {
namespace {

constexpr std::size_t rows = limits::match_rows_max;

MachineChoice choice_of(const Question& question, const Found& found, const MatchingRules& rules) {
    return {question, *found.fab, *found.machine, rules};
}

Candidate candidate_of(const Preferred& preferred,
                       const Question& question,
                       const MatchingRules& rules) {
    const MachineChoice choice = choice_of(question, preferred.found, rules);
    const Capability& machine = *choice.machine.capability;
    const auto fit =
        geometry::fit_into(question.room.stances(),
                           {machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm});
    Candidate candidate;
    candidate.fab = choice.fab.fab;
    candidate.machine = machine.machine;
    candidate.distance_km = ground_km(preferred.found.chord2);
    candidate.making_s = making_seconds(question, machine.build_rate_cm3_per_h);
    candidate.finish_s = finish_seconds(question, choice.machine);
    candidate.recent_work_s = share_of(choice.fab);
    candidate.neighbour = preferred.neighbour;
    candidate.placement = {static_cast<std::uint8_t>(fit.best.up), fit.best.turn_deg};
    candidate.mass_g = std::min(question.mass_g, limits::mass_g_max);
    candidate.price = asked_price(question, machine);
    candidate.footprint = footprint_of(question, machine, candidate.distance_km);
    return candidate;
}

std::string reason_of(const Candidate& c, const Preferred& preferred, std::size_t neighbours) {
    if (preferred.spared_with > 0) {
        return fmt::format("spared: {:.1f} km, but it has had {:.0f} % of the region's recent work",
                           c.distance_km,
                           100 * preferred.spared_with);
    }
    if (preferred.crowded_out) {
        return fmt::format(
            "passed over: {:.1f} km, but others as near have had less recent work "
            "than its {} min per machine, or are done earlier",
            c.distance_km,
            c.recent_work_s / 60);
    }
    if (!c.neighbour) return fmt::format("farther: {:.1f} km", c.distance_km);
    if (neighbours == 1) return fmt::format("nearest: {:.1f} km", c.distance_km);
    return fmt::format("as near as {}: {:.1f} km, {} min of recent work per machine",
                       neighbours == 2 ? "one other" : fmt::format("{} others", neighbours - 1),
                       c.distance_km,
                       c.recent_work_s / 60);
}

// Why it stands where `cheapest` put it.
std::string reason_by_price(const Candidate& c, const Question& question) {
    if (!c.price) return "states no rates";
    const std::string price = to_string(*c.price);
    if (c.price->currency != question.currency) {
        return fmt::format("asks {}, not comparable with {}", price, question.currency);
    }
    if (question.carbon_price_per_t == 0) return "costs " + price;
    if (!c.footprint->energy) {
        return fmt::format("costs {}, but states no power and electricity to price its CO2e",
                           price);
    }
    const double grams = static_cast<double>(sum_of(*c.footprint).typical_mg) / 1000;
    const double cost = static_cast<double>(question.carbon_price_per_t) / 1e6 * grams;
    const auto minor = static_cast<std::int64_t>(
        std::llround(std::min(cost, static_cast<double>(limits::money_max))));
    return fmt::format("costs {} and {} for {:.0f} g CO2e",
                       price,
                       to_string(Money{question.currency, minor}),
                       grams);
}

std::string reason_by_carbon(const Candidate& c) {
    if (!c.footprint->energy) return "states no power and electricity";
    const CarbonRange& energy = *c.footprint->energy;
    const CarbonRange way = c.footprint->transport.value_or(CarbonRange{});
    return fmt::format("emits {:.0f} g CO2e for making and way",
                       static_cast<double>(energy.typical_mg + way.typical_mg) / 1000);
}

std::string reason_by_figure(const Candidate& c, const Question& question) {
    const auto why = [&] {
        switch (question.objective) {
            case Objective::cheapest:
                return reason_by_price(c, question);
            case Objective::greenest:
                return reason_by_carbon(c);
            case Objective::soonest:
            case Objective::unknown:
            case Objective::nearest:
                break;
        }
        return fmt::format("finishes in {} min", c.finish_s / 60);
    };
    return fmt::format("{}, {:.1f} km", why(), c.distance_km);
}

Rejection rejection_of(const Found& found, const Question& question, const MatchingRules& rules) {
    const MachineChoice choice = choice_of(question, found, rules);
    const NamedCheck& check = *first_unmet(choice);
    Unmet unmet = check.unmet(choice);
    return {choice.fab.fab,
            choice.machine.capability->machine,
            ground_km(found.chord2),
            check.requirement,
            std::move(unmet.needed),
            std::move(unmet.offered),
            std::move(unmet.text)};
}

std::optional<Found> found_in(const Question& question, const FabView& fab, const MachineId& name) {
    const auto machine =
        std::find_if(fab.machines.begin(), fab.machines.end(), [&name](const MachineView& each) {
            return each.capability->machine == name;
        });
    if (machine == fab.machines.end()) return std::nullopt;
    return Found{&fab,
                 &*machine,
                 chord2(globe_point(question.place_of_use), globe_point(fab.advertisement->place))};
}

std::vector<Candidate> candidates_of(const Question& question,
                                     const Finder& finder,
                                     const MatchingRules& rules) {
    std::vector<Candidate> candidates;
    if (question.objective == Objective::nearest) {
        const std::vector<Preferred> all = in_order_of_nearness(question, finder, rules, rows);
        const auto neighbours = static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [](const Preferred& p) { return p.neighbour; }));
        for (const Preferred& p : all) {
            candidates.push_back(candidate_of(p, question, rules));
            candidates.back().reason = reason_of(candidates.back(), p, neighbours);
        }
        return candidates;
    }
    for (const Found& found : finder.best(rows)) {
        candidates.push_back(candidate_of({found}, question, rules));
        candidates.back().reason = reason_by_figure(candidates.back(), question);
    }
    return candidates;
}

}  // namespace

MatchReport match(const Question& question, const Finder& finder, const MatchingRules& rules) {
    MatchReport report;
    report.machines_seen = static_cast<std::uint32_t>(finder.machines());
    report.candidates = candidates_of(question, finder, rules);
    for (const Found& found : finder.failing(rows, rejections_looked_at))
        report.rejections.push_back(rejection_of(found, question, rules));
    if (report.candidates.empty()) report.alternatives = alternatives(question, finder, rules);
    return report;
}

MatchReport match(const Question& question,
                  std::span<const FabView> fabs,
                  const MatchingRules& rules) {
    return match(question, Scan{question, fabs, rules}, rules);
}

std::optional<Candidate> candidate_at(const Question& question,
                                      const FabView& fab,
                                      const MachineId& machine,
                                      const MatchingRules& rules) {
    const auto found = found_in(question, fab, machine);
    if (!found || first_unmet(choice_of(question, *found, rules)) != nullptr) return std::nullopt;
    return candidate_of({*found}, question, rules);
}

std::optional<Rejection> rejection_at(const Question& question,
                                      const FabView& fab,
                                      const MachineId& machine,
                                      const MatchingRules& rules) {
    const auto found = found_in(question, fab, machine);
    if (!found || first_unmet(choice_of(question, *found, rules)) == nullptr) return std::nullopt;
    return rejection_of(*found, question, rules);
}

std::string summary_of_misses(const MatchReport& report) {
    if (report.machines_seen == 0) return "no fab is known to this router yet";
    std::map<Requirement, int> counts;
    for (const Rejection& rejection : report.rejections)
        ++counts[rejection.requirement];
    std::string why;
    for (const auto& [requirement, count] : counts) {
        if (!why.empty()) why += ", ";
        why += fmt::format("{} x {}", count, to_string(requirement));
    }
    const Rejection& nearest = report.rejections.front();
    std::string summary = fmt::format(
        "nobody can make it now ({} machine{} seen{}: {}); nearest miss {} / {} "
        "at {:.1f} km: {}",
        report.machines_seen,
        report.machines_seen == 1 ? "" : "s",
        report.machines_seen > rows ? fmt::format(", the nearest {}", report.rejections.size())
                                    : std::string{},
        why,
        nearest.fab.text(),
        nearest.machine.text(),
        nearest.distance_km,
        nearest.text);
    if (!report.alternatives.empty()) {
        summary += "; it could be made " + report.alternatives.front().text;
    }
    return summary;
}

}  // namespace nearfab::router
