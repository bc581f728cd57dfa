// SPDX-License-Identifier: GPL-3.0-or-later
// What is loaded: how much of each material a machine has, and how much of it is promised.
//
// A person says what is there, or the configuration does; what our own runs use goes off it. All of
// it is in the journal, so a restart forgets nothing.

#include "node-agent/core/agent.hpp"
#include "node-agent/core/names_text.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nearfab::agent {
namespace {

std::vector<std::string> names_of(const std::vector<MaterialStock>& stocks) {
    std::vector<std::string> names;
    for (const MaterialStock& stock : stocks)
        names.push_back(stock.material.text());
    return names;
}

// As the machine's materials are named, however it was typed.
MaterialId usual_name(const MaterialId& material) {
    const auto known = find_material(material.text());
    return known ? MaterialId{std::string{known->id}} : material;
}

bool runs_with(const Work& work, const MachineId& machine, const MaterialId& material) {
    return occupies_machine(work.stage) && was_started(work.stage) &&
           work.offer.machine == machine && work.offer.part.material == material;
}

}  // namespace

// ---- The books ----------------------------------------------------------------------------------

double Agent::promised_g(const MachineId& machine, const MaterialId& material) const {
    double promised = 0;
    for (const auto& [key, work] : work_) {
        const bool holds = is_waiting(work.stage) || occupies_machine(work.stage);
        if (holds && work.offer.machine == machine && work.offer.part.material == material) {
            promised += still_needed_g(work);
        }
    }
    return promised;
}

void Agent::note(const fact::Loaded& fact) {
    Stock& stock = machines_.get(fact.machine).stock[fact.material];
    stock.grams = fact.grams;
    if (fact.configured) stock.configured_g = fact.grams;
    for (auto& [key, work] : work_) {
        if (runs_with(work, fact.machine, fact.material)) work.used_g = 0;
    }
    for (const fact::UsedByRun& run : fact.runs) {
        if (Work* work = find(run.key)) work->used_g = run.grams;
    }
}

// A failed run has used as much as a good one, for all that is known.
void Agent::note_use(const Work& work) {
    Stock& stock = machines_.get(work.offer.machine).stock[work.offer.part.material];
    stock.grams = std::max(0.0, stock.grams - still_needed_g(work));
}

bool Agent::has_material_for(const Work& leader) const {
    double needed = 0;
    for (const Work* piece : together(leader))
        needed += still_needed_g(*piece);
    const Machine& machine = *machines_.find(leader.offer.machine);
    return suffices(machine.stock_g(leader.offer.part.material), needed);
}

std::size_t Agent::waiting_for(const MachineId& machine) const {
    return static_cast<std::size_t>(
        std::count_if(work_.begin(), work_.end(), [&](const auto& entry) {
            return entry.second.offer.machine == machine && is_waiting(entry.second.stage);
        }));
}

// ---- What is said -------------------------------------------------------------------------------

// What is written into the configuration counts once, when it is new: a restart loads nothing. What
// it does not name any more is not there.
void Agent::settle_stock(Step& step) {
    for (auto& [id, machine] : machines_.all()) {
        if (!machine.configured) continue;
        const Capability& written = machine.options.capability;
        std::vector<MaterialStock> now = written.materials;
        for (const auto& [material, known] : machine.stock) {
            if (stock_of(written, material) == nullptr) now.push_back({material, 0});
        }
        for (const MaterialStock& stock : now) {
            if (machine.stock[stock.material].configured_g == stock.available_g) continue;
            fact::Loaded loaded = loaded_now(machine, stock.material, stock.available_g);
            loaded.configured = true;
            record(step, std::move(loaded));
        }
        give_back_uncovered(step, machine);
    }
}

Agent::Answer Agent::load(Step& step, const message::OperatorCommand& command) {
    const auto named = machine_named(command.machine);
    if (!named) return fail(named.error());
    const Machine& machine = **named;
    const Capability& can = machine.options.capability;
    if (command.material.empty()) {
        return fail(ErrorCode::invalid_argument,
                    "no material is named",
                    "say which: " + listed(names_of(can.materials)));
    }
    const MaterialId material = usual_name(command.material);
    if (stock_of(can, material) == nullptr) {
        return fail(ErrorCode::not_found,
                    "machine " + machine.id().text() + " is not set up for " + material.text() +
                        ", only for " + listed(names_of(can.materials)),
                    "add it to the machine's materials in agent.toml and restart the agent");
    }
    if (!(command.grams >= 0 && command.grams <= limits::mass_g_max)) {
        return fail(ErrorCode::invalid_argument,
                    "that is no amount of material",
                    "say how many grams are there, 0 for none");
    }
    record(step, loaded_now(machine, material, command.grams));
    for (const MaterialStock& other : can.materials) {
        if (!command.nothing_else || other.material == material) continue;
        record(step, loaded_now(machine, other.material, 0));
    }
    const std::size_t waited = waiting_for(machine.id());
    give_back_uncovered(step, machine);
    mend_plates(step);
    const std::size_t given_back = waited - waiting_for(machine.id());
    try_plates_again(machine.id());
    advertise_soon(step.now.boot);

    return loaded_text(machine, material, command, given_back);
}

std::string Agent::loaded_text(const Machine& machine,
                               const MaterialId& material,
                               const message::OperatorCommand& command,
                               std::size_t given_back) const {
    std::string text = "machine " + machine.id().text() + " has " + grams_text(command.grams) +
                       " of " + material.text();
    if (const double promised = promised_g(machine.id(), material); promised > 0) {
        text += " (" + grams_text(promised) + " promised)";
    }
    std::string runs = about_runs(machine, material);
    for (const MaterialStock& other : machine.options.capability.materials) {
        if (other.material == material) continue;
        const double there_g = machine.stock_g(other.material);
        if (there_g > 0) text += ", " + grams_text(there_g) + " of " + other.material.text();
        if (command.nothing_else) runs += about_runs(machine, other.material);
    }
    if (command.nothing_else) text += ", and nothing else";
    if (given_back > 0) {
        text += "; given back: " + std::to_string(given_back) +
                (given_back == 1 ? " work order" : " work orders");
    }
    return text + runs;
}

fact::Loaded Agent::loaded_now(const Machine& machine,
                               const MaterialId& material,
                               double grams) const {
    fact::Loaded loaded{machine.id(), material, grams};
    for (const auto& [key, work] : work_) {
        if (!runs_with(work, machine.id(), material)) continue;
        // After a restart the machine may not have said yet how far it is.
        const double used = std::max(work.used_g, work.progress * needed_g(work));
        if (used > 0) loaded.runs.push_back({key, used});
    }
    return loaded;
}

// ---- Too little of it ---------------------------------------------------------------------------

// What is under way is the business of whoever stands there. A plate may need more than its pieces
// do alone; one that a piece is taken from is dissolved in any case, by mend_plates().
void Agent::give_back_uncovered(Step& step, const Machine& machine) {
    for (;;) {
        std::map<MaterialId, double> promised;
        Work* last = nullptr;
        for (auto& [key, work] : work_) {
            if (work.offer.machine != machine.id() || !is_waiting(work.stage)) continue;
            if (last != nullptr && work.order < last->order) continue;
            const MaterialId& material = work.offer.part.material;
            const auto [sum, is_new] = promised.try_emplace(material);
            if (is_new) sum->second = promised_g(machine.id(), material);
            if (!suffices(machine.stock_g(material), sum->second)) last = &work;
        }
        if (last == nullptr) return;
        const MaterialId& material = last->offer.part.material;
        const std::vector<Work*> pieces = together(*last);
        const bool rights_out = std::any_of(
            pieces.begin(), pieces.end(), [](const Work* piece) { return piece->may_hold_right; });
        if (last->plate && !rights_out) {
            const Plate plate = *last->plate;
            dissolve(step, plate, "too little " + material.text() + " is left for all of it");
            continue;
        }
        const double short_of_g = promised[material] - machine.stock_g(material);
        const double needed = needed_g(*last);
        release(step,
                *last,
                "material: it needs " + grams_text(needed) + " of " + material.text() + ", only " +
                    grams_text(std::max(0.0, needed - short_of_g)) + " are not promised elsewhere");
    }
}

std::string Agent::about_runs(const Machine& machine, const MaterialId& material) const {
    double needed = 0;
    bool unknown = false;
    for (const auto& [key, work] : work_) {
        if (!runs_with(work, machine.id(), material)) continue;
        if (leader_of(work).gate_open) {
            if (has_material_for(leader_of(work))) continue;
            return "; the start of work order " + key.work_order.text() + " is taken back";
        }
        needed += still_needed_g(work);
        unknown = unknown || (!work.progress_known && work.used_g <= 0);
    }
    if (needed <= 0) return "";
    if (unknown) return "; how far the run under way is, nobody knows yet: all it needs is counted";
    if (suffices(machine.stock_g(material), needed)) return "";
    return "; the run under way still needs " + grams_text(needed);
}

}  // namespace nearfab::agent
