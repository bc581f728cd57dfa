// SPDX-License-Identifier: GPL-3.0-or-later
//
// The searches: a judge for each says what a tree cannot know by itself.

#include "proto/model/limits.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/index/machine_index.hpp"
#include "router/matching/index/sieve.hpp"
#include "router/matching/ranking.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <limits>

namespace nearfab::router {
namespace {

using Slot = MachineIndex::Slot;

// Outweighs the rounding of sums.
constexpr double surely_below = 1 - 1e-9;
constexpr double everywhere = std::numeric_limits<double>::infinity();

MachineChoice choice_at(const MachineIndex& index, const Question& question, Slot slot) {
    return {question, index.fab_of(slot), index.machine_of(slot), index.rules()};
}

// Machines that meet every requirement, by distance and finish.
struct Capable {
    const MachineIndex& index;
    const Question& question;
    const Sieve& sieve;

    bool accepts(Slot slot, const TreeView& entry) const {
        return sieve.is_sure(entry) || first_unmet(choice_at(index, question, slot)) == nullptr;
    }
    std::uint32_t finish_s(Slot slot, const TreeView& entry) const {
        const std::uint32_t making = sieve.making_s(entry);
        if (making != 0) {
            return static_cast<std::uint32_t>(
                std::min<std::int64_t>(std::int64_t{entry.wait_s} + making, limits::span_s_max));
        }
        return static_cast<std::uint32_t>(finish_seconds(question, index.machine_of(slot)));
    }
    std::uint32_t finish_floor_s(const TreeView& view) const { return sieve.finish_floor_s(view); }
    bool before(Slot a, Slot b) const { return index.named_before(a, b); }
};

// The same by the question's objective.
struct ByObjective : Capable {
    TreeCost cost(Slot slot, const TreeView& entry) const {
        return cost_of(choice_at(index, question, slot), entry.chord2);
    }
    TreeCost bound(const TreeView& view) const {
        const double finish = sieve.finish_floor_s(view);
        const double effort = effort_cm3(question).value_or(0);
        switch (question.objective) {
            case Objective::soonest:
                return {finish, view.chord2, 0};
            case Objective::cheapest:
                return {price_floor(view, effort) + carbon_cost_floor(view, effort),
                        view.chord2,
                        finish};
            case Objective::greenest:
                return {carbon_floor_g(view, effort), view.chord2, finish};
            case Objective::unknown:
            case Objective::nearest:
                break;
        }
        return {view.chord2, finish, 0};
    }
    // Infinite where nobody below asks a price in this currency: the rest goes by distance.
    double price_floor(const TreeView& view, double effort) const {
        if (view.floors.price_fixed == no_figure || !sieve.may_be_priced(view)) return everywhere;
        return figure_at(view.floors.price_fixed) + figure_at(view.floors.price_per_cm3) * effort;
    }
    double carbon_floor_g(const TreeView& view, double effort) const {
        if (view.floors.carbon_per_cm3 == no_figure) return everywhere;
        return figure_at(view.floors.carbon_per_cm3) * effort +
               transport_g(question, ground_km(view.chord2)) * surely_below;
    }
    double carbon_cost_floor(const TreeView& view, double effort) const {
        if (question.carbon_price_per_t == 0) return 0;
        return carbon_cost(question, carbon_floor_g(view, effort)) * surely_below;
    }
};

// By share within a neighbourhood.
struct ByShare : Capable {
    const std::set<FabId>& without;

    bool accepts(Slot slot, const TreeView& entry) const {
        return (without.empty() || !without.contains(index.fab_of(slot).fab)) &&
               Capable::accepts(slot, entry);
    }
    TreeCost cost(Slot slot, const TreeView&) const {
        return cost_by_share(choice_at(index, question, slot));
    }
    TreeCost bound(const TreeView& view) const {
        return {
            static_cast<double>(view.share_s), static_cast<double>(sieve.finish_floor_s(view)), 0};
    }
};

// All machines, or those that fail one requirement alone, by distance.
struct ByDistance {
    const MachineIndex& index;
    const Question& question;
    Requirement only = Requirement::unknown;

    bool accepts(Slot slot, const TreeView&) const {
        return only == Requirement::unknown || fails_only(choice_at(index, question, slot), only);
    }
    std::uint32_t finish_s(Slot, const TreeView&) const { return 0; }
    std::uint32_t finish_floor_s(const TreeView&) const { return 0; }
    bool before(Slot a, Slot b) const { return index.named_before(a, b); }
};

// The tree of a process and material; null when nobody has that.
const PlaceTree* tree_of(const MachineIndex& index,
                         const MachineIndex::Process& process,
                         const MaterialId& material) {
    const auto tree = process.by_material.find(material);
    return tree == process.by_material.end() ? nullptr : &index.tree(tree->second);
}

const MachineIndex::Process* process_of(const MachineIndex& index, const ProcessId& id) {
    const auto process = index.processes().find(id);
    return process == index.processes().end() ? nullptr : &process->second;
}

template <class Use>
void with_tree(const MachineIndex& index, const Question& question, const Use& use) {
    const MachineIndex::Process* process = process_of(index, question.part.process);
    if (process == nullptr) return;
    const PlaceTree* tree = tree_of(index, *process, question.part.material);
    if (tree == nullptr || tree->size() == 0) return;
    use(*tree, Sieve{question, process->kinds, index.terms()});
}

}  // namespace

std::size_t MachineIndex::nearest(const Question& question, std::span<TreeFound> found) const {
    std::size_t count = 0;
    with_tree(*this, question, [&](const PlaceTree& tree, const Sieve& sieve) {
        count = tree.nearest(globe_point(question.place_of_use),
                             sieve.filter(),
                             everywhere,
                             Capable{*this, question, sieve},
                             found);
    });
    return count;
}

IndexFinder::IndexFinder(const MachineIndex& index, const Question& question)
    : index_{index}, question_{question}, use_{globe_point(question.place_of_use)} {}

std::size_t IndexFinder::machines() const {
    return index_.machines();
}

Found IndexFinder::found_at(Slot slot, double chord2) const {
    return {&index_.fab_of(slot), &index_.machine_of(slot), chord2};
}

std::vector<Found> IndexFinder::nearest(std::size_t most) const {
    std::vector<TreeFound> found(most);
    found.resize(index_.nearest(question_, found));
    std::vector<Found> answer;
    for (const TreeFound& f : found)
        answer.push_back(found_at(f.slot, f.chord2));
    return answer;
}

std::vector<Found> IndexFinder::best(std::size_t most) const {
    std::vector<Found> answer;
    with_tree(index_, question_, [&](const PlaceTree& tree, const Sieve& sieve) {
        std::vector<TreeRanked> found(most);
        const ByObjective judge{{index_, question_, sieve}};
        found.resize(tree.best(use_, sieve.filter(), everywhere, judge, found));
        for (const TreeRanked& f : found)
            answer.push_back(found_at(f.slot, f.chord2));
    });
    return answer;
}

std::vector<Found> IndexFinder::least_shared(double chord2_max,
                                             std::size_t most,
                                             const std::set<FabId>& without) const {
    std::vector<Found> answer;
    with_tree(index_, question_, [&](const PlaceTree& tree, const Sieve& sieve) {
        std::vector<TreeRanked> found(most);
        const ByShare judge{{index_, question_, sieve}, without};
        found.resize(tree.best(use_, sieve.filter(), chord2_max, judge, found));
        for (const TreeRanked& f : found)
            answer.push_back(found_at(f.slot, f.chord2));
    });
    return answer;
}

std::vector<Found> IndexFinder::nearest_of_all(std::size_t most) const {
    std::vector<TreeFound> found(most);
    std::size_t count = 0;
    for (const auto& [id, process] : index_.processes()) {
        count = index_.tree(process.any_material)
                    .nearest(use_, {}, everywhere, ByDistance{index_, question_}, found, count);
    }
    std::vector<Found> answer;
    for (std::size_t i = 0; i < count; ++i)
        answer.push_back(found_at(found[i].slot, found[i].chord2));
    return answer;
}

std::vector<Found> IndexFinder::failing(std::size_t most, std::size_t looked_at) const {
    // Most often the nearest few dozen machines hold enough that fail.
    for (std::size_t look = std::min(looked_at, 4 * most);; look = std::min(looked_at, 4 * look)) {
        const std::vector<Found> near = nearest_of_all(look);
        std::vector<Found> failing;
        for (const Found& found : near) {
            if (failing.size() == most) break;
            const MachineChoice choice{question_, *found.fab, *found.machine, index_.rules()};
            if (first_unmet(choice) != nullptr) failing.push_back(found);
        }
        if (failing.size() == most || near.size() < look || look == looked_at) return failing;
    }
}

std::vector<Found> IndexFinder::failing_only(Requirement requirement, std::size_t most) const {
    std::vector<TreeFound> found(most);
    std::size_t count = 0;
    const ByDistance judge{index_, question_, requirement};
    for (const auto& [id, process] : index_.processes()) {
        const bool other = id != question_.part.process;
        if (other != (requirement == Requirement::process)) continue;
        const bool any = requirement == Requirement::material;
        const PlaceTree* tree = any ? &index_.tree(process.any_material)
                                    : tree_of(index_, process, question_.part.material);
        if (tree == nullptr) continue;
        const Sieve sieve{question_, process.kinds, index_.terms()};
        count = tree->nearest(use_, sieve.filter(requirement), everywhere, judge, found, count);
    }
    std::vector<Found> answer;
    for (std::size_t i = 0; i < count; ++i)
        answer.push_back(found_at(found[i].slot, found[i].chord2));
    return answer;
}

}  // namespace nearfab::router
