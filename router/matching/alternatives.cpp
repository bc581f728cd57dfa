// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/alternatives.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "router/matching/requirements.hpp"
#include "router/matching/tree/globe_point.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t first_counted = 64;
// Some machines say nothing that a designer could go by: an envelope without room, a licence that
// nobody has heard of.
constexpr std::size_t asked_for_figure = 16;

// What would have to be different: both sides, and as the end of "it could be made ...".
struct Change {
    Requirement requirement = Requirement::unknown;
    std::string needed;
    std::string offered;
    std::string words;
    std::optional<Question> then;  // None: who fails nothing else could make it.
    double chord2 = 0;             // Of the nearest that could make it then.
};

// To so many of a unit, and never below the value itself.
double rounded_up(double value, double per_unit) {
    const double rounded = std::round(value * per_unit);
    return rounded / per_unit >= value ? rounded / per_unit : (rounded + 1) / per_unit;
}

double rounded_down(double value, double per_unit) {
    const double rounded = std::round(value * per_unit);
    return rounded / per_unit <= value ? rounded / per_unit : (rounded - 1) / per_unit;
}

// Each of these says what a job would have to be for that machine, with its figure in `then`, which
// comes as the question is now; false: nothing that could be said.

bool to_its_envelope(const MachineChoice& choice, Change& change) {
    const Capability& machine = *choice.machine.capability;
    constexpr double per_mm = 10;
    const double x = rounded_down(machine.envelope_x_mm, per_mm);
    const double y = rounded_down(machine.envelope_y_mm, per_mm);
    const double z = rounded_down(machine.envelope_z_mm, per_mm);
    if (x <= 0 || y <= 0 || z <= 0) return false;
    // Whatever is that large at most fits wherever a block of that size fits.
    geometry::Stance block;
    block.height_mm = z;
    block.outline_mm = {{0, 0}, {x, 0}, {x, y}, {0, y}};
    geometry::Stances stances;
    stances.fill(block);
    change.then->room = geometry::FitTest{std::move(stances)};
    change.offered = fmt::format("{:.1f} x {:.1f} x {:.1f} mm", x, y, z);
    change.words = fmt::format("within {} instead of {}", change.offered, change.needed);
    return true;
}

bool to_its_feature(const MachineChoice& choice, Change& change) {
    const double mm = rounded_up(choice.machine.capability->min_feature_mm, 100);
    change.then->part.min_feature_mm = mm;
    change.then->finest.reset();
    change.offered = fmt::format("{:.2f} mm", mm);
    change.words = fmt::format("with features of {} instead of {}", change.offered, change.needed);
    return true;
}

bool to_its_tolerance(const MachineChoice& choice, Change& change) {
    const double mm = rounded_up(choice.machine.capability->tolerance_mm, 100);
    change.then->part.tolerance_mm = mm;
    change.offered = fmt::format("{:.2f} mm", mm);
    change.words =
        fmt::format("with a tolerance of {} instead of {}", change.offered, change.needed);
    return true;
}

bool to_its_licence(const MachineChoice& choice, Change& change) {
    for (const std::string& term : choice.fab.advertisement->terms.licences) {
        const auto id = licence_covered_by(term);
        if (!id) continue;
        auto licence = LicenceExpression::parse(*id);
        if (!licence || !licence->covered_by({term})) continue;
        change.then->licence = std::move(*licence);
        change.offered = *id;
        change.words = fmt::format("under {} instead of {}", change.offered, change.needed);
        return true;
    }
    return false;
}

bool to_its_submitter(const MachineChoice& choice, Change& change) {
    change.offered = choice.fab.advertisement->terms.submitters.front();
    change.then->submitter = IdentityId{change.offered};
    change.words =
        fmt::format("for {}, whom the fab works for, instead of {}", change.offered, change.needed);
    return true;
}

bool to_its_finish(const MachineChoice& choice, Change& change) {
    constexpr std::int64_t tenth_of_an_hour = 360;
    const std::int64_t finish = finish_seconds(choice.question, choice.machine);
    const std::int64_t tenths = (finish + tenth_of_an_hour - 1) / tenth_of_an_hour;
    change.then->deadline_s = tenths * tenth_of_an_hour;
    change.offered = fmt::format("{:.1f} h", static_cast<double>(tenths) / 10);
    change.words = fmt::format("in {} instead of {}", change.offered, change.needed);
    return true;
}

bool with_enough_free(const MachineChoice& choice, Change& change) {
    change.then.reset();
    change.words = fmt::format("with {} of {} free instead of {}",
                               change.needed,
                               choice.question.part.material.text(),
                               change.offered);
    return true;
}

struct Adjustment {
    Requirement requirement;
    bool (*to)(const MachineChoice&, Change&);
};

// Whether a machine is there, and what its fab thinks of this work, no designer can change.
constexpr std::array<Adjustment, 7> adjustments{{
    {Requirement::envelope, to_its_envelope},
    {Requirement::material_amount, with_enough_free},
    {Requirement::feature, to_its_feature},
    {Requirement::tolerance, to_its_tolerance},
    {Requirement::licence, to_its_licence},
    {Requirement::submitter, to_its_submitter},
    {Requirement::deadline, to_its_finish},
}};

std::size_t fabs_of(const std::vector<Found>& found) {
    std::set<const FabView*> fabs;
    for (const Found& f : found)
        fabs.insert(f.fab);
    return fabs.size();
}

class Search {
public:
    Search(const Question& question, const Finder& finder, const MatchingRules& rules)
        : question_{question}, finder_{finder}, rules_{rules} {}

    std::vector<Alternative> all() {
        other_processes();
        other_materials();
        for (const Adjustment& adjustment : adjustments)
            adjust(adjustment);
        keep_best();
        std::vector<Alternative> told;
        for (const Change& change : changes_)
            told.push_back(counted(change));
        return told;
    }

private:
    void add_if_somebody_can(Change change) {
        const auto nearest = able(change, 1);
        if (nearest.empty()) return;
        change.chord2 = nearest.front().chord2;
        changes_.push_back(std::move(change));
    }

    void other_processes() {
        const std::string& asked = question_.part.process.text();
        for (const ProcessInfo& process : known_processes()) {
            const ProcessId id{std::string{process.id}};
            if (id == question_.part.process || question_.impossible.contains(id)) continue;
            add_if_somebody_can({Requirement::process,
                                 asked,
                                 id.text(),
                                 fmt::format("by {} instead of {}", id.text(), asked),
                                 asked_by(question_, id)});
        }
    }

    void other_materials() {
        const std::string& asked = question_.part.material.text();
        Question other = question_;
        const auto finder = finder_.asking(other);
        for (const MaterialInfo& material : known_materials()) {
            const MaterialId id{std::string{material.id}};
            if (id == question_.part.material) continue;
            ask_in(other, id);
            if (finder->nearest(1).empty()) continue;
            add_if_somebody_can({Requirement::material,
                                 asked,
                                 id.text(),
                                 fmt::format("in {} instead of {}", id.text(), asked),
                                 other});
        }
    }

    void adjust(const Adjustment& adjustment) {
        const auto check = std::find_if(
            requirements().begin(), requirements().end(), [&adjustment](const NamedCheck& c) {
                return c.requirement == adjustment.requirement;
            });
        for (const Found& f : finder_.failing_only(adjustment.requirement, asked_for_figure)) {
            const MachineChoice choice{question_, *f.fab, *f.machine, rules_};
            Unmet unmet = check->unmet(choice);
            Change change{adjustment.requirement,
                          std::move(unmet.needed),
                          std::move(unmet.offered),
                          {},
                          question_};
            if (!adjustment.to(choice, change)) continue;
            add_if_somebody_can(std::move(change));
            return;
        }
    }

    // Nearest first, and the nearest of each requirement before the second of another.
    void keep_best() {
        const auto is_nearer = [](const Change& a, const Change& b) { return a.chord2 < b.chord2; };
        std::stable_sort(changes_.begin(), changes_.end(), is_nearer);
        std::vector<Change> first;
        std::vector<Change> second;
        std::set<Requirement> told;
        for (Change& change : changes_)
            (told.insert(change.requirement).second ? first : second).push_back(std::move(change));
        changes_ = std::move(first);
        std::move(second.begin(), second.end(), std::back_inserter(changes_));
        if (changes_.size() > limits::match_rows_max) {
            changes_.erase(changes_.begin() + limits::match_rows_max, changes_.end());
        }
        std::stable_sort(changes_.begin(), changes_.end(), is_nearer);
    }

    [[nodiscard]] std::vector<Found> able(const Change& change, std::size_t most) const {
        if (!change.then) return finder_.failing_only(change.requirement, most);
        return finder_.asking(*change.then)->nearest(most);
    }

    [[nodiscard]] Alternative counted(const Change& change) const {
        std::vector<Found> found = able(change, first_counted);
        if (found.size() == first_counted) found = able(change, alternative_machines_max);
        const bool more = found.size() == alternative_machines_max;
        const std::size_t fabs = fabs_of(found);
        const Found& nearest = found.front();
        const double km = ground_km(nearest.chord2);
        return {change.requirement,
                nearest.fab->fab,
                nearest.machine->capability->machine,
                km,
                static_cast<std::uint32_t>(fabs),
                more,
                change.needed,
                change.offered,
                fmt::format("{}: {}{} fab{}, nearest {:.1f} km",
                            change.words,
                            more ? "at least " : "",
                            fabs,
                            fabs == 1 ? "" : "s",
                            km)};
    }

    const Question& question_;
    const Finder& finder_;
    const MatchingRules& rules_;
    std::vector<Change> changes_;
};

}  // namespace

std::vector<Alternative> alternatives(const Question& question,
                                      const Finder& finder,
                                      const MatchingRules& rules) {
    return Search{question, finder, rules}.all();
}

}  // namespace nearfab::router
