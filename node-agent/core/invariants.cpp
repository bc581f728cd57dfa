// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/invariants.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

std::vector<AttemptKey> keys_of(const StartOrder& order) {
    std::vector<AttemptKey> keys{{order.work_order, order.epoch}};
    for (const StartRider& rider : order.riders)
        keys.push_back({rider.work_order, rider.epoch});
    return keys;
}

}  // namespace

// Who leads the run that this is part of.
AttemptKey Invariants::leader_of(const AttemptKey& key) const {
    const auto at = leader_of_.find(key);
    return at == leader_of_.end() ? key : at->second;
}

std::optional<std::string> Invariants::after(Moment now,
                                             const Agent& agent,
                                             const Effects& effects) {
    bool records_over = false;
    for (const Effect& effect : effects) {
        if (const auto* record = std::get_if<effect::Record>(&effect)) {
            if (records_over) return "a record follows an effect: " + to_string(effect);
            if (auto broken = see(*record)) return broken;
            continue;
        }
        records_over = true;
        if (const auto* open = std::get_if<effect::OpenStartGate>(&effect)) {
            if (auto broken = see(*open, agent, now)) return broken;
            for (const AttemptKey& key : keys_of(open->order))
                opened_.insert(key);
        } else if (const auto* revoke = std::get_if<effect::RevokeStart>(&effect)) {
            const bool is_new = revoked_.insert(revoke->key).second;
            if (!is_new) return "a start was taken back twice: " + to_string(effect);
        } else if (const auto* pause = std::get_if<effect::PauseRun>(&effect)) {
            if (auto broken = see(*pause, agent, now)) return broken;
        }
    }
    return see_state(agent);
}

std::optional<std::string> Invariants::see(const effect::Record& effect) {
    const Fact& fact = effect.fact;
    if (const auto* seen = std::get_if<fact::Seen>(&fact)) {
        std::uint64_t& highest = epochs_[seen->offer.work_order];
        if (seen->offer.epoch <= highest) return "an epoch was taken twice: " + to_string(fact);
        highest = seen->offer.epoch;
        machine_of_[{seen->offer.work_order, seen->offer.epoch}] = seen->offer.machine;
    } else if (const auto* known = std::get_if<fact::EpochSeen>(&fact)) {
        std::uint64_t& highest = epochs_[known->key.work_order];
        highest = std::max(highest, known->key.epoch);
    } else if (const auto* right = std::get_if<fact::Authorised>(&fact)) {
        if (rights_.contains(right->key)) return "two rights for one epoch: " + to_string(fact);
        rights_[right->key] = TimePoint{Duration{right->expires_boot_ms}};
    } else if (const auto* starting = std::get_if<fact::Starting>(&fact)) {
        const MachineId machine = machine_of_[starting->key];
        if (!rights_.contains(starting->key)) return "started without a right: " + to_string(fact);
        const auto bed = on_bed_.find(machine);
        const bool same_run = bed != on_bed_.end() && leader_of(starting->key) == bed->second;
        if (bed != on_bed_.end() && !same_run) {
            return "started on a bed in use: " + to_string(fact);
        }
        if (foreign_on_bed_.contains(machine)) return "started on a used bed: " + to_string(fact);
        if (!confirmed_.contains(machine)) return "started on an unknown bed: " + to_string(fact);
        starting_[starting->key] = machine;
        on_bed_[machine] = leader_of(starting->key);
    } else if (const auto* burnt = std::get_if<fact::Burnt>(&fact)) {
        over_[burnt->key] = true;
        const auto bed = on_bed_.find(machine_of_[burnt->key]);
        // The leader is burnt first; of the others the bed is clear by then.
        if (bed != on_bed_.end() && bed->second == burnt->key) on_bed_.erase(bed);
    } else if (const auto* ended = std::get_if<fact::Ended>(&fact)) {
        if (over_.contains(ended->key)) return "ended twice: " + to_string(fact);
        if (ended->produced && !starting_.contains(ended->key)) {
            return "made without a start: " + to_string(fact);
        }
        over_[ended->key] = true;
    } else if (const auto* released = std::get_if<fact::Released>(&fact)) {
        if (rights_.contains(released->key)) return "released after a right: " + to_string(fact);
        over_[released->key] = true;
    } else if (const auto* used = std::get_if<fact::BedUsed>(&fact)) {
        foreign_on_bed_.insert(used->machine);
    } else if (const auto* cleared = std::get_if<fact::BedCleared>(&fact)) {
        foreign_on_bed_.erase(cleared->machine);
        on_bed_.erase(cleared->machine);
        confirmed_.insert(cleared->machine);
    } else if (const auto* closed = std::get_if<fact::Closed>(&fact)) {
        confirmed_.erase(closed->machine);
    } else if (const auto* unwanted = std::get_if<fact::Unwanted>(&fact)) {
        unwanted_.insert(unwanted->key);
    } else if (const auto* plated = std::get_if<fact::Plated>(&fact)) {
        for (const AttemptKey& rider : plated->riders) {
            if (machine_of_[rider] != machine_of_[plated->key]) {
                return "a plate of two machines: " + to_string(fact);
            }
            leader_of_[rider] = plated->key;
        }
    } else if (const auto* unplated = std::get_if<fact::Unplated>(&fact)) {
        std::erase_if(leader_of_, [&](const auto& entry) { return entry.second == unplated->key; });
    } else if (const auto* paused = std::get_if<fact::Paused>(&fact)) {
        paused_.insert(paused->key);
    } else if (const auto* went_on = std::get_if<fact::WentOn>(&fact)) {
        paused_.erase(went_on->key);
    } else if (const auto* obeyed = std::get_if<fact::Obeyed>(&fact)) {
        const bool is_new = obeyed_.insert({obeyed->operator_name, obeyed->said_as}).second;
        if (!is_new) return "a command was obeyed twice: " + to_string(fact);
    }
    return std::nullopt;
}

std::optional<std::string> Invariants::see(const effect::OpenStartGate& effect,
                                           const Agent& agent,
                                           Moment now) const {
    const StartOrder& order = effect.order;
    const std::vector<AttemptKey> keys = keys_of(order);
    for (const AttemptKey& key : keys) {
        if (auto broken = see_opened(key, order, now)) return broken;
    }
    for (const auto& [rider, leader] : leader_of_) {
        if (leader == keys.front() && std::find(keys.begin(), keys.end(), rider) == keys.end()) {
            return "the start gate was opened for a plate without " + to_string(rider);
        }
    }
    const std::string name = to_string(AttemptKey{order.work_order, order.epoch});
    if (now.boot >= order.right_expires) return "the start gate was opened too late for " + name;
    if (!order.bed_confirmed_clear) return "the start gate was opened on a used bed for " + name;
    if (order.draining) return "the start gate was opened on a drained machine for " + name;
    if (order.attended_process && (!order.presence_until || *order.presence_until <= now.boot)) {
        return "the start gate was opened with nobody there for " + name;
    }
    if (!has_material_for(agent, keys.front())) {
        return "the start gate was opened with too little material for " + name;
    }
    return std::nullopt;
}

std::optional<std::string> Invariants::see_opened(const AttemptKey& key,
                                                  const StartOrder& order,
                                                  Moment now) const {
    const std::string name = to_string(key);
    const auto right = rights_.find(key);
    if (opened_.contains(key)) return "the start gate was opened twice for " + name;
    if (right == rights_.end()) return "the start gate was opened without a right for " + name;
    if (!starting_.contains(key)) return "the start gate was opened without a record for " + name;
    if (over_.contains(key)) return "the start gate was opened for what is over: " + name;
    if (order.right_expires > right->second) return "the gate heard a later expiry for " + name;
    if (now.boot >= right->second) return "the start gate was opened too late for " + name;
    if (leader_of(key) != AttemptKey{order.work_order, order.epoch}) {
        return "the start gate was opened for another plate's " + name;
    }
    const auto highest = epochs_.find(key.work_order);
    if (highest != epochs_.end() && highest->second != key.epoch) {
        return "the start gate was opened for an old epoch: " + name;
    }
    return std::nullopt;
}

std::optional<std::string> Invariants::see(const effect::PauseRun& effect,
                                           const Agent& agent,
                                           Moment now) const {
    const std::string name = to_string(effect.key);
    if (!starting_.contains(effect.key) || over_.contains(effect.key)) {
        return "a run was paused or let go on that is none: " + name;
    }
    if (!paused_.contains(effect.key)) return "a pause that was not ours was touched: " + name;
    if (!effect.go_on) return std::nullopt;
    if (!effect.until) return "a run may go on at any later time: " + name;
    const Machine& machine = agent.machines().at(effect.machine);
    if (machine.attended && (!machine.presence_until || *machine.presence_until <= now.boot ||
                             *effect.until > *machine.presence_until)) {
        return "a run was let go on with nobody there: " + name;
    }
    return std::nullopt;
}

bool Invariants::has_material_for(const Agent& agent, const AttemptKey& leader) const {
    double needed = 0;
    for (const auto& [key, work] : agent.work()) {
        const bool on_it = leader_of(key) == leader && occupies_machine(work.stage);
        if (on_it) needed += still_needed_g(work);
    }
    const Work& first = agent.work().at(leader);
    const Machine& machine = agent.machines().at(first.offer.machine);
    return suffices(machine.stock_g(first.offer.part.material), needed);
}

std::optional<std::string> Invariants::see_material(const Agent& agent) {
    std::map<std::pair<MachineId, MaterialId>, double> claims;
    for (const auto& [key, work] : agent.work()) {
        if (!is_waiting(work.stage) && !occupies_machine(work.stage)) continue;
        // On a plate its share is held against what is there; alone it was before.
        const bool shares = is_waiting(work.stage) && work.plate;
        claims[{work.offer.machine, work.offer.part.material}] +=
            shares ? work.plate->grams : still_needed_g(work);
    }
    for (const auto& [key, work] : agent.work()) {
        if (!is_waiting(work.stage)) continue;
        const Machine& machine = agent.machines().at(work.offer.machine);
        const MaterialId& material = work.offer.part.material;
        if (!suffices(machine.stock_g(material), claims[{work.offer.machine, material}])) {
            return "too little " + material.text() + " is left for " + to_string(key);
        }
    }
    return std::nullopt;
}

// What forbids a start forbids one that a machine's thread has already been handed. It may come too
// late, so a run that begins all the same is to be stopped.
std::optional<std::string> Invariants::see_handed_out(const Agent& agent, const Work& work) const {
    if (!work.gate_open) return std::nullopt;
    const Machine& machine = agent.machines().at(work.offer.machine);
    const bool machine_forbids = machine.drained || !machine.quarantine.empty() ||
                                 foreign_on_bed_.contains(work.offer.machine) ||
                                 !has_material_for(agent, work.key);
    for (const auto& [key, other] : agent.work()) {
        if (leader_of(key) != work.key || !occupies_machine(other.stage)) continue;
        const auto highest = epochs_.find(key.work_order);
        const bool old_epoch = highest != epochs_.end() && highest->second > key.epoch;
        if (!machine_forbids && !unwanted_.contains(key) && !old_epoch) continue;
        if (!revoked_.contains(work.key)) {
            return "a start that is forbidden by now was not taken back: " + to_string(work.key);
        }
        if (!other.unwanted || !other.unwanted->stop) {
            return "a run would not be stopped that must not begin: " + to_string(key);
        }
    }
    return std::nullopt;
}

std::optional<std::string> Invariants::see_state(const Agent& agent) const {
    std::map<MachineId, AttemptKey> holders;
    std::map<WorkOrderId, AttemptKey> made;
    for (const auto& [key, work] : agent.work()) {
        if (!occupies_machine(work.stage)) continue;
        const auto holder = holders.find(work.offer.machine);
        if (holder != holders.end() && leader_of(key) != leader_of(holder->second)) {
            return "two attempts hold machine " + work.offer.machine.text();
        }
        holders[work.offer.machine] = key;
        if (made.contains(key.work_order)) {
            return "two attempts may be making work order " + key.work_order.text();
        }
        made[key.work_order] = key;
        if (auto broken = see_handed_out(agent, work)) return broken;
    }
    if (auto broken = see_material(agent)) return broken;
    for (const auto& [machine, key] : on_bed_) {
        const auto at = agent.machines().find(machine);
        if (at != agent.machines().end() && at->second.bed_clear) {
            return "the bed of " + machine.text() + " counts as clear after " + to_string(key);
        }
    }
    return std::nullopt;
}

}  // namespace nearfab::agent
