// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/alternatives.hpp"

#include "base/check.hpp"
#include "proto/model/limits.hpp"
#include "router/matching/requirements.hpp"
#include "router/matching/tree/globe_point.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t counted_machines = 64;

// Whether a machine is there, and what its fab thinks of this work, no designer can change.
bool is_the_designers(Requirement requirement) {
    return requirement != Requirement::available && requirement != Requirement::not_declined &&
           requirement != Requirement::trusted;
}

// What would have to be different: both sides, and as the end of "it could be made ...".
struct Change {
    std::string needed;
    std::string offered;
    std::string text;
};

std::string words_of(const MachineChoice& choice, const NamedCheck& check, const Unmet& unmet) {
    switch (check.requirement) {
        case Requirement::process:
            return fmt::format("by {} instead of {}", unmet.offered, unmet.needed);
        case Requirement::material:
            return fmt::format("in {} instead of {}", unmet.offered, unmet.needed);
        case Requirement::envelope:
            return fmt::format("within {} instead of {}", unmet.offered, unmet.needed);
        case Requirement::material_amount:
            return fmt::format("with {} of {} free instead of {}",
                               unmet.needed,
                               choice.question.part.material.text(),
                               unmet.offered);
        case Requirement::feature:
            return fmt::format("with features of {} instead of {}", unmet.offered, unmet.needed);
        case Requirement::tolerance:
            return fmt::format("with a tolerance of {} instead of {}", unmet.offered, unmet.needed);
        case Requirement::licence:
            return fmt::format("under a licence the fab accepts ({})", unmet.offered);
        case Requirement::submitter:
            return fmt::format("for somebody the fab works for ({})", unmet.offered);
        case Requirement::deadline:
            return fmt::format("in {} instead of {}", unmet.offered, unmet.needed);
        case Requirement::available:
        case Requirement::not_declined:
        case Requirement::trusted:
        case Requirement::unknown:
            break;
    }
    return "otherwise";
}

Change change_of(const MachineChoice& choice, const NamedCheck& check) {
    Unmet unmet = check.unmet(choice);
    if (check.requirement == Requirement::material) {
        const auto other = most_free(choice.machine);
        NEARFAB_CHECK(other.has_value(), "an alternative of material has a material");
        unmet.offered = other->material.text();
    }
    std::string text = words_of(choice, check, unmet);
    return {std::move(unmet.needed), std::move(unmet.offered), std::move(text)};
}

// Machines that would all do with the same change.
struct Group {
    Found nearest;
    Change change;
    std::set<FabId> fabs;
};

// Other materials and processes are told apart, everything else is one group.
std::vector<Group> groups_of(const std::vector<Found>& found,
                             const NamedCheck& check,
                             const Question& question,
                             const MatchingRules& rules) {
    const bool apart =
        check.requirement == Requirement::material || check.requirement == Requirement::process;
    std::vector<Group> groups;
    for (const Found& f : found) {
        const MachineChoice choice{question, *f.fab, *f.machine, rules};
        auto group = groups.begin();
        if (apart || groups.empty()) {
            const Change change = change_of(choice, check);
            group = std::find_if(groups.begin(), groups.end(), [&change](const Group& g) {
                return g.change.text == change.text;
            });
            if (group == groups.end()) group = groups.insert(groups.end(), Group{f, change, {}});
        }
        group->fabs.insert(f.fab->fab);
    }
    return groups;
}

}  // namespace

std::vector<Alternative> alternatives(const Question& question,
                                      const Finder& finder,
                                      const MatchingRules& rules) {
    std::vector<Alternative> all;
    for (const NamedCheck& check : requirements()) {
        if (!is_the_designers(check.requirement)) continue;
        const auto found = finder.failing_only(check.requirement, counted_machines);
        const bool more = found.size() == counted_machines;
        for (const Group& group : groups_of(found, check, question, rules)) {
            const double km = ground_km(group.nearest.chord2);
            all.push_back({check.requirement,
                           group.nearest.fab->fab,
                           group.nearest.machine->capability->machine,
                           km,
                           static_cast<std::uint32_t>(group.fabs.size()),
                           more,
                           group.change.needed,
                           group.change.offered,
                           fmt::format("{}: {}{} fab{}, nearest {:.1f} km",
                                       group.change.text,
                                       more ? "at least " : "",
                                       group.fabs.size(),
                                       group.fabs.size() == 1 ? "" : "s",
                                       km)});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Alternative& a, const Alternative& b) {
        return a.distance_km < b.distance_km;
    });
    if (all.size() > limits::match_rows_max) all.resize(limits::match_rows_max);
    return all;
}

}  // namespace nearfab::router
