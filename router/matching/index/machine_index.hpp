// SPDX-License-Identifier: GPL-3.0-or-later
// machine_index.hpp - all machines a router knows, found by place and by what they can do.
//
// One place tree for each process, and one for each process and material, so that a search for a
// material walks only among machines that have it. A machine lives in the tree of its process and
// in one more for each of its materials:
//
//     fdm          [....................]      any material: near misses, "in petg instead"
//     fdm / pla    [..............]
//     fdm / petg   [.......]
//     sla          [....]
//
// Everything is changed in place and at once; no change ever rebuilds a tree. A change costs the
// walk from a leaf towards the root in each of these trees; the work of a single one is bounded by
// the height of the trees. Not thread-safe.

#pragma once

#include "proto/model/limits.hpp"
#include "router/matching/finder.hpp"
#include "router/matching/index/home_runs.hpp"
#include "router/matching/index/kind_table.hpp"
#include "router/matching/index/name_table.hpp"
#include "router/matching/index/terms_table.hpp"
#include "router/matching/question.hpp"
#include "router/matching/tree/place_tree.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab::router {

class MachineIndex {
public:
    using Slot = std::uint32_t;  // A machine's number; stays until the machine goes.

    explicit MachineIndex(MatchingRules rules) : rules_{rules} {}
    MachineIndex(const MachineIndex&) = delete;
    MachineIndex& operator=(const MachineIndex&) = delete;

    // What a fab says of itself, for the first time or anew. Machines that are no longer in it are
    // forgotten, with what was promised to them.
    // REQUIRES: its place is valid, its numbers are finite, at most limits::materials_max
    // materials, each machine has a name of its own.
    void advertise(const FabId& fab, std::shared_ptr<const Advertisement> advertisement);
    void forget(const FabId& fab);

    // The rest is what the router itself knows. A fab or machine that is not there is ignored: what
    // is known of it is said again when it comes.
    void set_presence(const FabId& fab, bool connected, bool stale);
    void set_distrust(const FabId& fab, const std::string& why);
    void set_recent_work(const FabId& fab, std::int64_t seconds);
    struct Promises {
        std::int64_t seconds = 0;
        std::vector<MaterialStock> materials;  // Each at most once.
        std::uint32_t queued = 0;
        friend bool operator==(const Promises&, const Promises&) = default;
    };
    void set_promises(const FabId& fab, const MachineId& machine, Promises promises);

    // The nearest machines that can make it, by distance, finish, lot and names: what Finder
    // answers, without copying. Allocates nothing but where an outline has to be turned to fit.
    [[nodiscard]] std::size_t nearest(const Question& question, std::span<TreeFound> found) const;

    [[nodiscard]] std::size_t machines() const { return machines_; }
    [[nodiscard]] const FabView* view(const FabId& fab) const;
    // In the order of their names.
    void each_fab(const std::function<void(const FabView&)>& tell) const;
    [[nodiscard]] const FabView& fab_of(Slot slot) const { return fabs_[slots_[slot].fab].view; }
    [[nodiscard]] const MachineView& machine_of(Slot slot) const { return *slots_[slot].view; }
    [[nodiscard]] const MatchingRules& rules() const { return rules_; }

    // Of the trees and what leads into them.
    [[nodiscard]] std::size_t bytes() const;
    // Of what is noted of each fab and machine beside that: names, promises, shares. Without the
    // advertisements, and without lists inside promises.
    [[nodiscard]] std::size_t record_bytes() const;
    // Checks the trees and that every machine is where it should be, for tests.
    [[nodiscard]] bool is_sound() const;

    // For those who search: the trees, and what sorts the machines in them.
    struct Process {
        KindTable kinds;
        std::uint32_t any_material = 0;  // Number of a tree.
        std::map<MaterialId, std::uint32_t> by_material;
    };
    [[nodiscard]] const std::map<ProcessId, Process>& processes() const { return processes_; }
    [[nodiscard]] const PlaceTree& tree(std::uint32_t number) const { return trees_[number]; }
    [[nodiscard]] const TermsTable& terms() const { return terms_; }
    // A strict order of machines by their names.
    [[nodiscard]] bool named_before(Slot a, Slot b) const;

private:
    struct FabEntry {
        FabView view;
        std::shared_ptr<const Advertisement> advertisement;
        std::vector<Slot> slots;  // One for each machine, same order.
        std::uint8_t terms = 0;
    };
    struct alignas(64) MachineSlot {
        std::uint32_t fab = 0;
        std::uint32_t backlog_s = 0;  // As the fab says.
        HomeRun homes;
        std::uint8_t kind = 0;
        // Of its fab's entry, and what that points to: every step to memory that nobody has looked
        // at lately takes as long as all the rest of a change.
        MachineView* view = nullptr;
        const Capability* capability = nullptr;
        Process* process = nullptr;  // Null: the slot is free.
    };

    [[nodiscard]] std::optional<std::uint32_t> find(const FabId& fab) const;
    FabEntry* find_entry(const FabId& fab);
    void add_machines(std::uint32_t fab);
    void remove_machines(FabEntry& fab);
    void renew_machines(FabEntry& fab, const Advertisement& before);
    void add(Slot slot);
    void remove(Slot slot);
    [[nodiscard]] std::optional<Slot> find(const FabId& fab, const MachineId& machine) const;
    void renew(Slot slot);
    void renew_wait(Slot slot);
    // Of all machines of a fab what the fab itself says or has: its terms, its share.
    void renew_fab(const FabEntry& fab);
    [[nodiscard]] std::uint8_t terms_in(const FabEntry& fab, const MachineView& machine) const;
    [[nodiscard]] TreeEntry entry_of(Slot slot) const;
    // Of each of its homes, in their order.
    [[nodiscard]] std::array<float, 1 + limits::materials_max> stocks_of(Slot slot) const;
    std::uint32_t tree_for(Process& process, const MaterialId& material);
    std::uint32_t take_tree();
    void drop_if_empty(const Capability& machine);
    Process& process_for(const ProcessId& id);
    PlaceTree::Moved keeps_track(Slot added, std::size_t home);
    [[nodiscard]] bool homes_are_right(Slot slot) const;

    MatchingRules rules_;
    NameTable fab_names_;
    NameTable machine_names_;
    NodePool<FabEntry> fabs_;
    NodePool<MachineSlot> slots_;
    HomeRuns homes_;
    TreePool pool_;
    std::deque<PlaceTree> trees_;
    std::vector<std::uint32_t> free_trees_;
    std::map<ProcessId, Process> processes_;
    TermsTable terms_;
    std::size_t machines_ = 0;
};

// What the matcher asks, answered by the index.
class IndexFinder final : public Finder {
public:
    // REQUIRES: both outlive it, and the index does not change meanwhile.
    IndexFinder(const MachineIndex& index, const Question& question);

    [[nodiscard]] std::size_t machines() const override;
    [[nodiscard]] std::unique_ptr<Finder> asking(const Question& other) const override;
    [[nodiscard]] std::vector<Found> nearest(std::size_t most) const override;
    [[nodiscard]] std::vector<Found> best(std::size_t most) const override;
    [[nodiscard]] std::vector<Found> least_shared(double chord2_max,
                                                  std::size_t most,
                                                  const std::set<FabId>& without) const override;
    [[nodiscard]] std::vector<Found> failing(std::size_t most,
                                             std::size_t looked_at) const override;
    [[nodiscard]] std::vector<Found> failing_only(Requirement requirement,
                                                  std::size_t most) const override;

private:
    [[nodiscard]] Found found_at(MachineIndex::Slot slot, double chord2) const;
    [[nodiscard]] std::vector<Found> nearest_of_all(std::size_t most) const;
    [[nodiscard]] std::vector<Found> failing_as_they_are(std::size_t most) const;

    const MachineIndex& index_;
    const Question& question_;
    GlobePoint use_;
};

}  // namespace nearfab::router
