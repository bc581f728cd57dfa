// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/capability_census.hpp"

#include "proto/model/material.hpp"
#include "proto/model/process.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nearfab::router {
namespace {

// So many other fabs are asked whether they are about as large; there are hardly ever more that are
// nearly as large by volume and of another shape.
constexpr int looked_at_max = 64;

// A fab may write any word; only what a job can ask for is a capability.
template <typename Known>
std::set<std::string_view> ids_of(const Known& known) {
    std::set<std::string_view> ids;
    for (const auto& one : known)
        ids.insert(one.id);
    return ids;
}

bool is_known(const ProcessId& process) {
    static const std::set<std::string_view> known = ids_of(known_processes());
    return known.contains(process.text());
}

bool is_known(const MaterialId& material) {
    static const std::set<std::string_view> known = ids_of(known_materials());
    return known.contains(material.text());
}

double volume_of(const ReportSize& size) {
    return size.x_mm * size.y_mm * size.z_mm;
}

using Entry = CapabilityCensus::Capability::Entry;

Entry entry_of(const FabId& fab, const ReportSize& size) {
    return {-volume_of(size), fab, size.x_mm, size.y_mm, size.z_mm};
}

ReportSize size_of(const Entry& entry) {
    return {entry.x_mm, entry.y_mm, entry.z_mm};
}

std::array<double, 3> sorted_sides(const Entry& entry) {
    std::array<double, 3> sides{entry.x_mm, entry.y_mm, entry.z_mm};
    std::sort(sides.begin(), sides.end());
    return sides;
}

// It holds what the other holds, but for a tenth along a side.
bool nearly_holds(const Entry& entry, const Entry& other) {
    const auto sides = sorted_sides(entry);
    const auto needed = sorted_sides(other);
    return std::equal(sides.begin(), sides.end(), needed.begin(), [](double has, double needs) {
        return has * (1 + same_size_fraction) >= needs;
    });
}

// A fab that names no owner is its own. A fab's name is never the other kind of key.
std::string owner_key(const FabId& id, const std::string& owner) {
    return owner.empty() ? "fab " + id.text() : "owner " + owner;
}

void count_in(std::map<std::string, std::uint32_t>& owners, const std::string& key, bool more) {
    std::uint32_t& count = owners[key];
    count = more ? count + 1 : count - 1;
    if (count == 0) owners.erase(key);
}

}  // namespace

CapabilityCensus::FabEntry CapabilityCensus::read(const Advertisement& said) {
    FabEntry fab;
    fab.owner = said.owner;
    for (const nearfab::Capability& machine : said.machines) {
        if (!takes_offers(machine.state) || !is_known(machine.process)) continue;
        ++fab.machines[machine.process];
        const ReportSize size{machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm};
        for (const MaterialStock& stock : machine.materials) {
            if (stock.available_g <= 0 || !is_known(stock.material)) continue;
            fab.has.push_back({{machine.process, stock.material}, size});
        }
    }
    std::sort(fab.has.begin(), fab.has.end(), [](const Own& a, const Own& b) {
        if (a.kind != b.kind) return a.kind < b.kind;
        return entry_of({}, a.envelope) < entry_of({}, b.envelope);
    });
    const auto same = [](const Own& a, const Own& b) { return a.kind == b.kind; };
    fab.has.erase(std::unique(fab.has.begin(), fab.has.end(), same), fab.has.end());
    return fab;
}

void CapabilityCensus::advertise(const FabId& id, const Advertisement& said) {
    FabEntry fresh = read(said);
    const auto [found, is_new] = fabs_.try_emplace(id);
    FabEntry& fab = found->second;
    if (!is_new && fresh.owner == fab.owner && fresh.has == fab.has &&
        fresh.machines == fab.machines) {
        return;
    }
    if (!is_new) count(id, fab, false);
    fresh.there = fab.there;
    fab = std::move(fresh);
    count(id, fab, true);
}

void CapabilityCensus::set_there(const FabId& id, bool there) {
    const auto found = fabs_.find(id);
    if (found == fabs_.end() || found->second.there == there) return;
    count(id, found->second, false);
    found->second.there = there;
    count(id, found->second, true);
}

// Enters what a fab has, or takes it out.
void CapabilityCensus::count(const FabId& id, const FabEntry& fab, bool more) {
    const auto by_one = [more](std::uint32_t& number) { number = more ? number + 1 : number - 1; };
    const std::string owner = owner_key(id, fab.owner);
    for (const Own& own : fab.has) {
        Capability& capability = capabilities_[own.kind];
        if (!fab.there) {
            by_one(capability.away);
            continue;
        }
        count_in(capability.owners, owner, more);
        if (more) {
            capability.there.insert(entry_of(id, own.envelope));
        } else {
            capability.there.erase(entry_of(id, own.envelope));
        }
    }
    if (!fab.there) return;
    std::uint32_t machines = 0;
    for (const auto& [process, number] : fab.machines) {
        Process& of_process = processes_[process];
        by_one(of_process.fabs);
        of_process.machines = more ? of_process.machines + number : of_process.machines - number;
        count_in(of_process.owners, owner, more);
        machines += number;
    }
    machines_there_ = more ? machines_there_ + machines : machines_there_ - machines;
    count_in(owners_, owner, more);
    const std::pair by_machines{-std::int64_t{machines}, id};
    if (more) {
        by_machines_.insert(by_machines);
    } else {
        by_machines_.erase(by_machines);
    }
}

std::optional<ReportSize> CapabilityCensus::largest_without(const WorkKind& kind,
                                                            const FabId& fab) const {
    const auto found = capabilities_.find(kind);
    if (found == capabilities_.end()) return std::nullopt;
    for (const Entry& entry : found->second.there) {  // The second at the latest.
        if (entry.fab != fab) return size_of(entry);
    }
    return std::nullopt;
}

const std::string& CapabilityCensus::owner_of(const FabId& fab) const {
    static const std::string unknown;
    const auto found = fabs_.find(fab);
    return found == fabs_.end() ? unknown : found->second.owner;
}

FabId CapabilityCensus::with_most_machines() const {
    return by_machines_.empty() ? FabId{} : by_machines_.begin()->second;
}

std::optional<HangingCapability> CapabilityCensus::hanging(const WorkKind& kind) const {
    const auto found = capabilities_.find(kind);
    if (found == capabilities_.end() || found->second.there.empty()) return std::nullopt;
    const Capability& capability = found->second;
    const Entry& largest = *capability.there.begin();
    HangingCapability row{.process = kind.process,
                          .material = kind.material,
                          .hangs_on = HangsOn::unknown,
                          .fab = largest.fab,
                          .owner = owner_of(largest.fab),
                          .envelope = size_of(largest),
                          .elsewhere = std::nullopt,
                          .fabs_there = static_cast<std::uint32_t>(capability.there.size()),
                          .fabs_away = capability.away};
    if (capability.there.size() == 1) {
        row.hangs_on = HangsOn::fab;
        return row;
    }
    if (capability.owners.size() == 1) {
        row.hangs_on = HangsOn::owner;
        row.fab = FabId{};
        return row;
    }
    auto other = std::next(capability.there.begin());
    row.elsewhere = size_of(*other);
    for (int i = 0; i < looked_at_max && other != capability.there.end(); ++i, ++other) {
        if (nearly_holds(*other, largest)) return std::nullopt;
    }
    if (other != capability.there.end()) return std::nullopt;  // Too many to say so.
    row.hangs_on = HangsOn::size;
    return row;
}

}  // namespace nearfab::router
