// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/world.hpp"

#include <algorithm>

namespace nearfab::router {
namespace {

void add_stock(std::vector<MaterialStock>& stocks, const MaterialStock& more) {
    auto stock = std::find_if(stocks.begin(), stocks.end(), [&more](const MaterialStock& s) {
        return s.material == more.material;
    });
    if (stock == stocks.end()) stock = stocks.insert(stock, {more.material, 0});
    stock->available_g += more.available_g;
}

}  // namespace

void World::advertised(const FabId& fab,
                       std::shared_ptr<const Advertisement> advertisement,
                       TimePoint until) {
    Presence& presence = presence_[fab];
    running_out_.erase({presence.until, fab});
    presence.until = until;
    running_out_.insert({until, fab});
    const std::shared_ptr<const Advertisement> said = std::move(advertisement);
    index_.advertise(fab, said);
    // Promises outlive the advertisement that they were made on.
    for (const Capability& machine : said->machines) {
        if (at_machine_.contains({fab, machine.machine})) promise({fab, machine.machine});
    }
    index_.set_presence(fab, presence.connected, false);
    census_.advertise(fab, *said);
    census_.set_there(fab, presence.connected);
}

void World::set_connected(const FabId& fab, bool connected) {
    Presence& presence = presence_[fab];
    presence.connected = connected;
    const FabView* view = index_.view(fab);
    if (view == nullptr) return;
    index_.set_presence(fab, connected, view->stale);
    census_.set_there(fab, connected && !view->stale);
}

void World::set_distrust(const FabId& fab, const std::string& why) {
    if (why.empty()) {
        distrusted_.erase(fab);
    } else {
        distrusted_.insert(fab);
    }
    index_.set_distrust(fab, why);
}

std::optional<World::Held> World::held_by(const Ledger& ledger, const WorkOrder& order) {
    const bool placed = ledger.placed_work().contains(order.id);
    if (!placed || order.state == WorkOrderState::produced ||
        order.state == WorkOrderState::inspected) {
        return std::nullopt;
    }
    const PartSpec& part = ledger.job(order.job)->spec.parts[order.part];
    return Held{order.job,
                {order.chosen.fab, order.chosen.machine},
                order.chosen.making_s,
                {part.material, order.chosen.mass_g},
                !may_exist(order.state)};
}

void World::count_waiting(const Held& held, bool more) {
    if (!held.waits) return;
    auto& fabs = waiting_[held.job];
    std::uint32_t& count = fabs[held.machine.first];
    count = more ? count + 1 : count - 1;
    if (count == 0) fabs.erase(held.machine.first);
    if (fabs.empty()) waiting_.erase(held.job);
}

void World::follow_plan(const Ledger& ledger, const WorkOrder& order) {
    if (const auto before = planned_.find(order.id); before != planned_.end()) {
        const auto orders = planned_at_.find(before->second.machine);
        orders->second.erase(order.id);
        if (orders->second.empty()) planned_at_.erase(orders);
        planned_.erase(before);
    }
    if (!order.planned || order.state != WorkOrderState::queued) return;
    const PartSpec& part = ledger.job(order.job)->spec.parts[order.part];
    const Machine machine{order.planned->fab, order.planned->machine};
    planned_[order.id] = {
        order.job, machine, order.planned->making_s, {part.material, order.planned->mass_g}, false};
    planned_at_[machine].insert(order.id);
}

PlannedAhead World::ahead_of(const FabId& fab, const MachineId& machine) const {
    PlannedAhead ahead;
    const auto orders = planned_at_.find({fab, machine});
    if (orders == planned_at_.end()) return ahead;
    for (const WorkOrderId& id : orders->second) {
        const Held& held = planned_.at(id);
        ahead.seconds += held.seconds;
        add_stock(ahead.materials, held.material);
    }
    return ahead;
}

std::vector<Found> World::full_machines() const {
    std::vector<Found> full;
    for (const auto& [fab, machine] : full_) {
        const FabView* view = index_.view(fab);
        if (view == nullptr) continue;
        for (const MachineView& one : view->machines) {
            if (one.capability->machine == machine) full.push_back({view, &one, 0});
        }
    }
    return full;
}

void World::follow(const Ledger& ledger, const WorkOrder& order) {
    follow_plan(ledger, order);
    const std::optional<Held> now = held_by(ledger, order);
    const auto before = held_.find(order.id);
    std::set<Machine> changed;
    if (before != held_.end()) {
        count_waiting(before->second, false);
        const Machine machine = before->second.machine;
        auto& orders = at_machine_[machine];
        orders.erase(order.id);
        if (orders.empty()) at_machine_.erase(machine);
        held_.erase(before);
        changed.insert(machine);
    }
    if (now) {
        count_waiting(*now, true);
        at_machine_[now->machine].insert(order.id);
        held_[order.id] = *now;
        changed.insert(now->machine);
    }
    for (const Machine& machine : changed)
        promise(machine);
}

// Adds up what a machine's work orders take; never adds to an older sum, which would drift.
void World::promise(const Machine& machine) {
    MachineIndex::Promises promises;
    if (const auto orders = at_machine_.find(machine); orders != at_machine_.end()) {
        for (const WorkOrderId& id : orders->second) {
            const Held& held = held_.at(id);
            promises.seconds += held.seconds;
            promises.queued += held.waits ? 1 : 0;
            add_stock(promises.materials, held.material);
        }
    }
    if (promises.queued >= index_.rules().queue_per_machine_max) {
        full_.insert(machine);
    } else {
        full_.erase(machine);
    }
    index_.set_promises(machine.first, machine.second, std::move(promises));
}

void World::follow_share(const Ledger& ledger, const FabId& fab, WallTime steady) {
    const WallTime since = steady - share_window_;
    const RecentWork& recent = ledger.fab(fab).recent;
    index_.set_recent_work(fab, recent.seconds_since(since));
    if (const auto next = next_share_end_.find(fab); next != next_share_end_.end()) {
        share_ends_.erase({next->second, fab});
        next_share_end_.erase(next);
    }
    if (const auto first = recent.first_since(since)) {
        next_share_end_[fab] = *first + share_window_;
        share_ends_.insert({*first + share_window_, fab});
    }
}

void World::refresh(const Ledger& ledger, TimePoint boot, WallTime steady) {
    while (!running_out_.empty() && running_out_.begin()->first < boot) {
        const FabId fab = running_out_.begin()->second;
        running_out_.erase(running_out_.begin());
        index_.set_presence(fab, presence_.at(fab).connected, true);
        census_.set_there(fab, false);
    }
    while (!share_ends_.empty() && share_ends_.begin()->first < steady) {
        // A copy: its entry goes away meanwhile.
        const FabId fab = share_ends_.begin()->second;
        follow_share(ledger, fab, steady);
    }
}

std::map<FabId, std::uint32_t> World::waiting_of(const JobId& job) const {
    const auto waiting = waiting_.find(job);
    return waiting == waiting_.end() ? std::map<FabId, std::uint32_t>{} : waiting->second;
}

}  // namespace nearfab::router
