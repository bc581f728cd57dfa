// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/matcher.hpp"

#include "base/check.hpp"
#include "proto/model/limits.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

namespace nearfab::router {
namespace {

std::optional<Rejection> rejection_of(const MachineChoice& choice, double distance) {
    for (const NamedCheck& named : requirements()) {
        if (auto unmet = named.check(choice)) {
            return Rejection{choice.fab.fab,
                             choice.machine.capability->machine,
                             distance,
                             named.requirement,
                             std::move(unmet->needed),
                             std::move(unmet->offered),
                             std::move(unmet->text)};
        }
    }
    return std::nullopt;
}

Candidate candidate_of(const MachineChoice& choice, double distance) {
    const Capability& machine = *choice.machine.capability;
    const auto fit =
        geometry::fit_into(choice.question.stances,
                           {machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm});
    const auto machines = static_cast<std::int64_t>(choice.fab.machines.size());
    Candidate candidate;
    candidate.fab = choice.fab.fab;
    candidate.machine = machine.machine;
    candidate.distance_km = distance;
    candidate.making_s = making_seconds(choice.question, machine);
    candidate.finish_s = finish_seconds(choice.question, choice.machine);
    candidate.recent_work_s = std::min(
        choice.fab.recent_work_s / std::max<std::int64_t>(machines, 1), limits::span_s_max);
    candidate.placement = {static_cast<std::uint8_t>(fit.best.up), fit.best.turn_deg};
    candidate.mass_g = std::min(choice.question.mass_g, limits::mass_g_max);
    return candidate;
}

auto by_nearness(const Candidate& c) {
    return std::tie(c.distance_km, c.finish_s, c.fab, c.machine);
}
auto by_share(const Candidate& c) {
    return std::tie(c.recent_work_s, c.finish_s, c.fab, c.machine);
}
auto by_finish(const Candidate& c) {
    return std::tie(c.finish_s, c.distance_km, c.fab, c.machine);
}

void rank_nearest(std::vector<Candidate>& all, const MatchingRules& rules) {
    std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
        return by_nearness(a) < by_nearness(b);
    });
    if (all.empty()) return;
    const double nearest = all.front().distance_km;
    const double reach =
        nearest + std::max(rules.neighbourhood_km, nearest * rules.neighbourhood_fraction);
    auto beyond = all.begin();
    while (beyond != all.end() && beyond->distance_km <= reach) {
        beyond->neighbour = true;
        ++beyond;
    }
    std::sort(all.begin(), beyond, [](const Candidate& a, const Candidate& b) {
        return by_share(a) < by_share(b);
    });
    const auto neighbours = beyond - all.begin();
    for (Candidate& c : all) {
        c.reason = !c.neighbour      ? fmt::format("farther: {:.1f} km", c.distance_km)
                   : neighbours == 1 ? fmt::format("nearest: {:.1f} km", c.distance_km)
                                     : fmt::format(
                                           "as near as {} others: {:.1f} km, {} min of "
                                           "recent work per machine",
                                           neighbours - 1,
                                           c.distance_km,
                                           c.recent_work_s / 60);
    }
}

void rank_soonest(std::vector<Candidate>& all) {
    std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
        return by_finish(a) < by_finish(b);
    });
    for (Candidate& c : all) {
        c.reason = fmt::format("finishes in {} min, {:.1f} km", c.finish_s / 60, c.distance_km);
    }
}

}  // namespace

MatchReport match(const Question& question,
                  std::span<const FabView> fabs,
                  const MatchingRules& rules) {
    MatchReport report;
    for (const FabView& fab : fabs) {
        NEARFAB_CHECK(fab.machines.size() == fab.advertisement->machines.size(),
                      "a fab's view lacks machines");
        const double distance = distance_km(question.place_of_use, fab.advertisement->place);
        for (const MachineView& machine : fab.machines) {
            const MachineChoice choice{question, fab, machine, rules};
            ++report.machines_seen;
            if (auto rejection = rejection_of(choice, distance)) {
                report.rejections.push_back(std::move(*rejection));
            } else {
                report.candidates.push_back(candidate_of(choice, distance));
            }
        }
    }
    if (question.objective == Objective::soonest) {
        rank_soonest(report.candidates);
    } else {
        rank_nearest(report.candidates, rules);
    }
    std::sort(report.rejections.begin(),
              report.rejections.end(),
              [](const Rejection& a, const Rejection& b) {
                  return std::tie(a.distance_km, a.fab, a.machine) <
                         std::tie(b.distance_km, b.fab, b.machine);
              });
    if (report.candidates.size() > limits::match_rows_max) {
        report.candidates.resize(limits::match_rows_max);
    }
    if (report.rejections.size() > limits::match_rows_max) {
        report.rejections.resize(limits::match_rows_max);
    }
    return report;
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
    return fmt::format(
        "nobody can make it now ({} machine{} seen: {}); nearest miss {} / {} "
        "at {:.1f} km: {}",
        report.machines_seen,
        report.machines_seen == 1 ? "" : "s",
        why,
        nearest.fab.text(),
        nearest.machine.text(),
        nearest.distance_km,
        nearest.text);
}

}  // namespace nearfab::router
