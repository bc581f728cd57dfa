// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/machine_index.hpp"

#include "base/check.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/index/sieve.hpp"
#include "router/matching/ranking.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

MachineLimits limits_of(const Capability& machine) {
    return {std::max(machine.envelope_x_mm, machine.envelope_y_mm),
            std::min(machine.envelope_x_mm, machine.envelope_y_mm),
            machine.envelope_z_mm,
            machine.min_feature_mm,
            machine.tolerance_mm,
            machine.build_rate_cm3_per_h};
}

std::uint32_t seconds_of(std::int64_t seconds) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, no_wait - 1));
}

TreeFloors floors_of(const Capability& machine) {
    const FigureRates rates = figure_rates(machine);
    return {machine.rates ? floor_of(rates.price_fixed) : no_figure,
            floor_of(rates.price_per_cm3),
            machine.energy ? floor_of(rates.carbon_per_cm3) : no_figure};
}

// The different materials, each by its first place in the list, in the order of a machine's homes:
// the first home is that of its process, then one for each of these.
struct Materials {
    std::array<std::uint8_t, limits::materials_max> at{};
    std::size_t count = 0;

    [[nodiscard]] std::span<const std::uint8_t> all() const { return std::span{at}.first(count); }
};

Materials materials_of(const Capability& machine) {
    Materials different;
    for (std::size_t i = 0; i < machine.materials.size(); ++i) {
        const MaterialId& material = machine.materials[i].material;
        const auto same = [&](std::uint8_t at) {
            return machine.materials[at].material == material;
        };
        if (std::any_of(different.all().begin(), different.all().end(), same)) continue;
        different.at[different.count++] = static_cast<std::uint8_t>(i);
    }
    return different;
}

bool same_materials(const Capability& a, const Capability& b) {
    const Materials in_a = materials_of(a);
    const Materials in_b = materials_of(b);
    return std::equal(in_a.all().begin(),
                      in_a.all().end(),
                      in_b.all().begin(),
                      in_b.all().end(),
                      [&](std::uint8_t x, std::uint8_t y) {
                          return a.materials[x].material == b.materials[y].material;
                      });
}

// Are they of one class of terms?
bool same_terms(const Advertisement& a, const Advertisement& b) {
    const auto currency = [](const Capability& machine) {
        return machine.rates ? std::string_view{machine.rates->currency} : std::string_view{};
    };
    return a.terms == b.terms && std::equal(a.machines.begin(),
                                            a.machines.end(),
                                            b.machines.begin(),
                                            b.machines.end(),
                                            [&](const Capability& x, const Capability& y) {
                                                return x.rates.has_value() == y.rates.has_value() &&
                                                       currency(x) == currency(y);
                                            });
}

// Do the machines differ only in what changes in place?
bool same_places(const Advertisement& a, const Advertisement& b) {
    if (!(a.place == b.place) || a.machines.size() != b.machines.size()) return false;
    return std::equal(a.machines.begin(),
                      a.machines.end(),
                      b.machines.begin(),
                      [](const Capability& x, const Capability& y) {
                          return x.machine == y.machine && x.process == y.process &&
                                 limits_of(x) == limits_of(y) && same_materials(x, y);
                      });
}

std::size_t hash_of(const FabId& fab) {
    return std::hash<std::string>{}(fab.text());
}

std::size_t hash_of(const FabId& fab, const MachineId& machine) {
    constexpr std::size_t odd = 0x9E3779B97F4A7C15;  // 2^64 by the golden ratio.
    const std::size_t both = hash_of(fab) * odd + std::hash<std::string>{}(machine.text());
    return both ^ (both >> 32U);
}

}  // namespace

std::optional<std::uint32_t> MachineIndex::find(const FabId& fab) const {
    return fab_names_.find(hash_of(fab),
                           [&](std::uint32_t number) { return fabs_[number].view.fab == fab; });
}

MachineIndex::FabEntry* MachineIndex::find_entry(const FabId& fab) {
    const auto known = find(fab);
    return known ? &fabs_[*known] : nullptr;
}

const FabView* MachineIndex::view(const FabId& fab) const {
    const auto known = find(fab);
    return known ? &fabs_[*known].view : nullptr;
}

void MachineIndex::each_fab(const std::function<void(const FabView&)>& tell) const {
    std::vector<const FabView*> views;
    views.reserve(fab_names_.size());
    for (std::uint32_t number = 0; number < fabs_.end(); ++number) {
        const FabEntry& entry = fabs_[number];
        if (entry.advertisement != nullptr) views.push_back(&entry.view);
    }
    std::sort(views.begin(), views.end(), [](const FabView* a, const FabView* b) {
        return a->fab < b->fab;
    });
    for (const FabView* view : views)
        tell(*view);
}

void MachineIndex::advertise(const FabId& fab, std::shared_ptr<const Advertisement> advertisement) {
    const auto known = find(fab);
    const std::uint32_t number = known ? *known : fabs_.take();
    FabEntry& entry = fabs_[number];
    if (!known) {
        entry.view.fab = fab;
        fab_names_.add(hash_of(fab), number);
    }
    const std::shared_ptr<const Advertisement> before =
        std::exchange(entry.advertisement, std::move(advertisement));
    const Advertisement& now = *entry.advertisement;
    entry.view.advertisement = &now;
    if (before == nullptr || !same_terms(*before, now)) {
        const std::uint8_t joined = terms_.join(now);
        if (before != nullptr) terms_.leave(entry.terms);
        entry.terms = joined;
    }
    if (before != nullptr && same_places(*before, now)) {
        for (std::size_t i = 0; i < now.machines.size(); ++i) {
            entry.view.machines[i].capability = &now.machines[i];
            slots_[entry.slots[i]].capability = &now.machines[i];
        }
        renew_machines(entry, *before);
        return;
    }
    std::map<MachineId, MachineView> promised;
    if (before != nullptr) {
        remove_machines(entry);
        for (std::size_t i = 0; i < before->machines.size(); ++i)
            promised[before->machines[i].machine] = std::move(entry.view.machines[i]);
    }
    entry.view.machines.clear();
    for (const Capability& machine : now.machines) {
        MachineView view;
        if (const auto old = promised.find(machine.machine); old != promised.end()) {
            view = std::move(old->second);
        }
        view.capability = &machine;
        entry.view.machines.push_back(std::move(view));
    }
    add_machines(number);
}

void MachineIndex::renew_machines(FabEntry& fab, const Advertisement& before) {
    const Advertisement& now = *fab.advertisement;
    const bool others = !same_terms(before, now);
    for (std::size_t i = 0; i < now.machines.size(); ++i) {
        if (others || !(before.machines[i] == now.machines[i])) renew(fab.slots[i]);
    }
}

void MachineIndex::forget(const FabId& fab) {
    const auto known = find(fab);
    if (!known) return;
    FabEntry& entry = fabs_[*known];
    remove_machines(entry);
    terms_.leave(entry.terms);
    fab_names_.remove(hash_of(fab), *known);
    fabs_.release(*known);
}

void MachineIndex::add_machines(std::uint32_t fab) {
    FabEntry& entry = fabs_[fab];
    for (std::size_t i = 0; i < entry.view.machines.size(); ++i) {
        const Slot slot = slots_.take();
        slots_[slot].fab = fab;
        slots_[slot].view = &entry.view.machines[i];
        entry.slots.push_back(slot);
        add(slot);
        machine_names_.add(hash_of(entry.view.fab, entry.view.machines[i].capability->machine),
                           slot);
    }
}

void MachineIndex::remove_machines(FabEntry& fab) {
    for (const Slot slot : fab.slots) {
        machine_names_.remove(hash_of(fab.view.fab, machine_of(slot).capability->machine), slot);
        remove(slot);
        slots_.release(slot);
    }
    fab.slots.clear();
}

MachineIndex::Process& MachineIndex::process_for(const ProcessId& id) {
    const auto [process, is_new] = processes_.try_emplace(id);
    if (is_new) process->second.any_material = take_tree();
    return process->second;
}

std::uint32_t MachineIndex::take_tree() {
    if (free_trees_.empty()) {
        const auto number = static_cast<std::uint32_t>(trees_.size());
        trees_.emplace_back(pool_, number);
        return number;
    }
    const std::uint32_t number = free_trees_.back();
    free_trees_.pop_back();
    return number;
}

std::uint32_t MachineIndex::tree_for(Process& process, const MaterialId& material) {
    const auto [tree, is_new] = process.by_material.try_emplace(material, 0);
    if (is_new) tree->second = take_tree();
    return tree->second;
}

// Names come from fabs, so what nobody has any more is forgotten.
void MachineIndex::drop_if_empty(const Capability& machine) {
    const auto process = processes_.find(machine.process);
    for (const MaterialStock& stock : machine.materials) {
        const auto tree = process->second.by_material.find(stock.material);
        if (tree == process->second.by_material.end() || trees_[tree->second].size() > 0) continue;
        free_trees_.push_back(tree->second);
        process->second.by_material.erase(tree);
    }
    if (trees_[process->second.any_material].size() > 0) return;
    free_trees_.push_back(process->second.any_material);
    processes_.erase(process);
}

// Writes down where entries live now; the one that is added becomes this home of its machine.
PlaceTree::Moved MachineIndex::keeps_track(Slot added, std::size_t home) {
    return [this, added, home](Slot slot, TreeHome from, TreeHome to) {
        const std::span<TreeHome> homes = homes_.at(slots_[slot].homes);
        if (from == no_home) {
            NEARFAB_CHECK(slot == added, "only the added machine is new in a tree");
            homes[home] = to;
            return;
        }
        *std::find(homes.begin(), homes.end(), from) = to;
    };
}

void MachineIndex::add(Slot slot) {
    MachineSlot& place = slots_[slot];
    const Capability& machine = *machine_of(slot).capability;
    place.capability = &machine;
    place.backlog_s = seconds_of(machine.backlog_s);
    place.process = &process_for(machine.process);
    place.kind = place.process->kinds.join(limits_of(machine));
    const Materials materials = materials_of(machine);
    place.homes = homes_.take(1 + materials.count);
    TreeEntry entry = entry_of(slot);
    const auto stocks = stocks_of(slot);
    for (std::size_t home = 0; home < place.homes.size; ++home) {
        entry.stock_g = stocks[home];
        const std::uint32_t tree =
            home == 0
                ? place.process->any_material
                : tree_for(*place.process, machine.materials[materials.at[home - 1]].material);
        trees_[tree].insert(entry, keeps_track(slot, home));
    }
    ++machines_;
}

void MachineIndex::remove(Slot slot) {
    MachineSlot& place = slots_[slot];
    for (const TreeHome home : homes_.at(place.homes)) {
        const std::uint32_t tree = pool_.leaves[leaf_of(home)].tree;
        trees_[tree].erase(home, keeps_track(slot, 0));
    }
    homes_.release(place.homes);
    place.process->kinds.leave(place.kind);
    drop_if_empty(*machine_of(slot).capability);
    place = {};
    --machines_;
}

TreeEntry MachineIndex::entry_of(Slot slot) const {
    const MachineSlot& place = slots_[slot];
    const FabEntry& fab = fabs_[place.fab];
    const MachineView& machine = *place.view;
    TreeEntry entry;
    entry.at = globe_point(fab.advertisement->place);
    entry.slot = slot;
    entry.wait_s = seconds_of(wait_seconds(machine));
    entry.share_s = share_of(fab.view);
    entry.floors = floors_of(*machine.capability);
    entry.lot = lot_of(fab.view.fab, machine.capability->machine);
    entry.kind = place.kind;
    entry.terms = terms_in(fab, machine);
    return entry;
}

std::uint8_t MachineIndex::terms_in(const FabEntry& fab, const MachineView& machine) const {
    const bool works = takes_work(fab.view, machine, rules_);
    return static_cast<std::uint8_t>(fab.terms + (works ? 0 : barred));
}

std::array<float, 1 + limits::materials_max> MachineIndex::stocks_of(Slot slot) const {
    const MachineView& machine = machine_of(slot);
    std::array<float, 1 + limits::materials_max> stocks{};
    const auto most = most_free(machine);
    stocks[0] = stock_up(most ? most->available_g : 0);
    const Materials materials = materials_of(*machine.capability);
    for (std::size_t m = 0; m < materials.count; ++m) {
        const MaterialId& material = machine.capability->materials[materials.at[m]].material;
        stocks[1 + m] = stock_up(free_g(machine, material));
    }
    return stocks;
}

void MachineIndex::renew(Slot slot) {
    MachineSlot& place = slots_[slot];
    place.backlog_s = seconds_of(machine_of(slot).capability->backlog_s);
    TreeEntry entry = entry_of(slot);
    const auto stocks = stocks_of(slot);
    const std::span<const TreeHome> homes = homes_.at(place.homes);
    for (std::size_t home = 0; home < homes.size(); ++home) {
        entry.stock_g = stocks[home];
        trees_[pool_.leaves[leaf_of(homes[home])].tree].update(homes[home], entry);
    }
}

void MachineIndex::renew_wait(Slot slot) {
    const MachineSlot& place = slots_[slot];
    const std::span<const TreeHome> homes = homes_.at(place.homes);
    for (const TreeHome home : homes)
        pool_.prefetch_wait(home);
    const std::int64_t promised = std::min(machine_of(slot).promised_s, limits::span_s_max);
    const std::uint32_t wait_s = std::max(place.backlog_s, seconds_of(promised));
    for (const TreeHome home : homes)
        pool_.prefetch_wait_above(home);
    for (const TreeHome home : homes)
        trees_[pool_.leaves[leaf_of(home)].tree].set_wait(home, wait_s);
}

void MachineIndex::renew_fab(const FabEntry& fab) {
    const std::uint32_t share_s = share_of(fab.view);
    for (const Slot slot : fab.slots) {
        const std::uint8_t terms = terms_in(fab, machine_of(slot));
        for (const TreeHome home : homes_.at(slots_[slot].homes)) {
            PlaceTree& tree = trees_[pool_.leaves[leaf_of(home)].tree];
            TreeEntry entry = tree.entry(home);
            if (entry.share_s == share_s && entry.terms == terms) continue;
            entry.share_s = share_s;
            entry.terms = terms;
            tree.update(home, entry);
        }
    }
}

void MachineIndex::set_presence(const FabId& fab, bool connected, bool stale) {
    FabEntry* entry = find_entry(fab);
    if (entry == nullptr || (entry->view.connected == connected && entry->view.stale == stale)) {
        return;
    }
    entry->view.connected = connected;
    entry->view.stale = stale;
    renew_fab(*entry);
}

void MachineIndex::set_distrust(const FabId& fab, const std::string& why) {
    FabEntry* entry = find_entry(fab);
    if (entry == nullptr || entry->view.distrust == why) return;
    const bool changed = entry->view.distrust.empty() != why.empty();
    entry->view.distrust = why;
    if (changed) renew_fab(*entry);
}

void MachineIndex::set_recent_work(const FabId& fab, std::int64_t seconds) {
    FabEntry* entry = find_entry(fab);
    if (entry == nullptr || entry->view.recent_work_s == seconds) return;
    entry->view.recent_work_s = seconds;
    renew_fab(*entry);
}

void MachineIndex::set_promises(const FabId& fab, const MachineId& machine, Promises promises) {
    const auto slot = find(fab, machine);
    if (!slot) return;
    MachineView& view = *slots_[*slot].view;
    if (view.promised_s == promises.seconds && view.queued == promises.queued &&
        view.promised == promises.materials) {
        return;
    }
    const bool only_time = view.queued == promises.queued && view.promised == promises.materials;
    view.promised_s = promises.seconds;
    if (only_time) return renew_wait(*slot);
    view.queued = promises.queued;
    view.promised = std::move(promises.materials);
    renew(*slot);
}

// Most changes are of a machine that nobody has looked at lately: while its names are fetched and
// compared, its places in the trees are on their way.
std::optional<MachineIndex::Slot> MachineIndex::find(const FabId& fab,
                                                     const MachineId& machine) const {
    return machine_names_.find(hash_of(fab, machine), [&](Slot slot) {
        const MachineSlot& place = slots_[slot];
        const FabView& view = fabs_[place.fab].view;
        __builtin_prefetch(&view.fab);
        __builtin_prefetch(place.view);
        __builtin_prefetch(place.capability);
        for (const TreeHome home : homes_.at(place.homes))
            pool_.prefetch_wait(home);
        return view.fab == fab && place.capability->machine == machine;
    });
}

bool MachineIndex::named_before(Slot a, Slot b) const {
    const MachineSlot& first = slots_[a];
    const MachineSlot& second = slots_[b];
    const FabView& fab_a = fabs_[first.fab].view;
    const FabView& fab_b = fabs_[second.fab].view;
    return std::tie(fab_a.fab, first.capability->machine) <
           std::tie(fab_b.fab, second.capability->machine);
}

}  // namespace nearfab::router
