// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/world.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const WallTime first_day{hours{24 * 365 * 56}};
constexpr int turns_at_once_max = 20'000;

agent::MachineOptions machine_options(const std::string& id, bool attended, bool by_hand) {
    agent::MachineOptions options;
    Capability& can = options.capability;
    can.machine = MachineId{id};
    can.model = id;
    can.process = ProcessId{attended ? "cnc_mill" : "fdm"};
    can.envelope_x_mm = can.envelope_y_mm = can.envelope_z_mm = 200;
    can.materials = {{MaterialId{attended ? "alu_6061" : "pla"}, 100'000}};
    can.min_feature_mm = 0.4;
    can.tolerance_mm = 0.2;
    can.build_rate_cm3_per_h = 20;
    options.acceptance = by_hand ? agent::Acceptance::manual : agent::Acceptance::automatic;
    return options;
}

}  // namespace

World::World(std::uint64_t seed, bool loud) : seed_{seed}, scene_{seed, loud}, network_{scene_} {}

void World::build() {
    scene_.now = TimePoint{hours{1}};
    router_ = std::make_unique<RouterHost>(scene_, network_, first_day);
    for (std::size_t i = 0; i < scene_.setting.fabs; ++i)
        add_fab(i);
    for (std::size_t i = 0; i < scene_.setting.designers; ++i) {
        const std::string name = "designer" + std::to_string(i + 1);
        designers_.push_back(
            std::make_unique<Designer>(scene_, network_, name, scene_.setting.jobs));
        Designer* designer = designers_.back().get();
        designer->dial(network_.add({Role::client, IdentityId{name}, "key of " + name},
                                    {[designer](const Bytes& bytes) { designer->receive(bytes); },
                                     [this](const auto& id, const auto& who, const Bytes& bytes) {
                                         router_->receive(id, who, bytes);
                                     }}));
    }
    add_forger();
    next_strike_ = scene_.now + scene_.dice.around(scene_.setting.between_strikes);
    next_inspection_ = scene_.now + scene_.dice.between(minutes{5}, hours{2});
}

void World::add_fab(std::size_t number) {
    const std::string name = "fab" + std::to_string(number + 1);
    agent::AgentOptions options;
    options.title = name;
    options.place = {45.0 + static_cast<double>(number) / 10, 4.8};
    options.preparable = {ProcessId{"fdm"}, ProcessId{"cnc_mill"}};
    options.intervals = scene_.setting.intervals;
    MachineOfFab machines;
    for (std::size_t m = 0; m < scene_.setting.machines_per_fab; ++m) {
        const std::string id = "m" + std::to_string(m + 1);
        const bool attended = scene_.dice.chance(0.3);
        options.machines.push_back(machine_options(id, attended, scene_.dice.chance(0.3)));
        options.machines.back().pieces_per_plate =
            static_cast<std::uint32_t>(1 + scene_.dice.below(4));
        const auto memory = static_cast<Memory>(scene_.dice.below(3));
        const auto machine = std::make_shared<Machine>(scene_, name + "/" + id, memory, attended);
        machines[MachineId{id}] = machine;
        machines_.push_back(machine.get());
    }
    fabs_.push_back(std::make_unique<AgentHost>(
        scene_, network_, name, std::move(options), std::move(machines), first_day));
    AgentHost* fab = fabs_.back().get();
    keys_.push_back({Role::agent, IdentityId{name}, "key of " + name});
    fab->dial(network_.add(keys_.back(),
                           {[fab](const Bytes& bytes) { fab->receive(bytes); },
                            [this](const auto& id, const auto& who, const Bytes& bytes) {
                                router_->receive(id, who, bytes);
                            }}));
    operators_.push_back(std::make_unique<Operator>(scene_, *fab));
}

// ---- Time ---------------------------------------------------------------------------------------

TimePoint World::next() const {
    TimePoint next = std::min(network_.next(), router_->next());
    for (const auto& fab : fabs_)
        next = std::min(next, fab->next());
    for (const auto& copy : clones_)
        next = std::min(next, copy->next());
    for (const auto& designer : designers_)
        next = std::min(next, designer->next());
    for (const auto& person : operators_)
        next = std::min(next, person->next());
    for (const Machine* machine : machines_)
        next = std::min(next, machine->next());
    next = std::min(next, forger_->next_deadline());
    if (scene_.stormy) next = std::min(next, next_strike_);
    if (trust_ends_) next = std::min(next, *trust_ends_);
    next = std::min(next, next_inspection_);
    return next;
}

void World::advance() {
    scene_.now = std::max(scene_.now, next());
    network_.run();
    for (Machine* machine : machines_) {
        if (machine->next() <= scene_.now) machine->advance();
    }
    if (router_->next() <= scene_.now) router_->run();
    for (const auto& fab : fabs_) {
        if (fab->next() <= scene_.now) fab->run();
    }
    for (const auto& copy : clones_) {
        if (copy->next() <= scene_.now) copy->run();
    }
    for (const auto& designer : designers_) {
        if (designer->next() <= scene_.now) designer->run();
    }
    for (const auto& person : operators_) {
        if (person->next() <= scene_.now) person->run();
    }
    if (!forger_inbox_.empty() || forger_->next_deadline() <= scene_.now) run_forger();
    if (trust_ends_ && *trust_ends_ <= scene_.now) end_trust_faults();
    if (next_inspection_ <= scene_.now) inspect_trust();
    if (scene_.stormy && next_strike_ <= scene_.now) strike();
}

void World::run_until_quiet() {
    const TimePoint begin = scene_.now;
    const TimePoint calm_at = begin + scene_.setting.storm;
    const TimePoint end = calm_at + scene_.setting.patience;
    TimePoint last = scene_.now;
    int turns = 0;
    while (scene_.now < end) {
        advance();
        turns = scene_.now > last ? 0 : turns + 1;
        last = scene_.now;
        if (turns > turns_at_once_max) throw Violation{"INV9: something never sleeps"};
        if (scene_.stormy && scene_.now >= calm_at) calm();
        if (!scene_.stormy && is_quiet()) return;
        const Duration hope = fab_died_ ? hours{6} : scene_.setting.hope;
        // A busy fab gets on with it; where one has died, the living have its work as well.
        const bool busy = scene_.now < router_->last_progress() + hours{8};
        if (!gave_up_ && !busy && scene_.now >= calm_at + hope) {
            gave_up_ = true;
            check_forgotten();
            for (const auto& designer : designers_)
                designer->give_up();
        }
    }
}

void World::calm() {
    scene_.tell("the storm is over");
    scene_.stormy = false;
    network_.heal();
    router_->heal();
    for (const auto& fab : fabs_) {
        fab->heal();
        for (const auto& [id, machine] : fab->machines())
            machine->heal();
    }
    end_trust_faults();
}

bool World::is_quiet() const {
    const router::Router* router = router_->router();
    if (router == nullptr) return false;
    const bool content = std::all_of(
        designers_.begin(), designers_.end(), [](const auto& one) { return one->is_content(); });
    if (!content) return false;
    return std::all_of(fabs_.begin(), fabs_.end(), [](const auto& fab) {
        if (fab->is_dead()) return true;
        if (!fab->is_up()) return false;
        const auto& work = fab->agent()->work();
        return std::all_of(work.begin(), work.end(), [](const auto& entry) {
            return agent::is_settled(entry.second);
        });
    });
}

Outcome World::run() {
    Outcome outcome;
    outcome.seed = seed_;
    try {
        build();
        run_until_quiet();
        check_end();
    } catch (const Violation& violation) {
        outcome.violation = violation.what();
        scene_.tell(*outcome.violation);
    }
    outcome.simulated = scene_.now - TimePoint{hours{1}};
    outcome.faults = scene_.faults;
    outcome.coverage = scene_.coverage;
    outcome.fingerprint = scene_.fingerprint;
    outcome.steps = scene_.steps;
    for (const Piece& piece : scene_.oracle.pieces()) {
        ++outcome.pieces;
        outcome.beside_others += piece.beside_others ? 1U : 0U;
    }
    return outcome;
}

// ---- INV5, INV10: nothing is lost, nothing waits for ever ---------------------------------------

// Long after the storm: what has not ended must wait for something that a person can read.
void World::check_forgotten() const {
    const router::Router* router = router_->router();
    if (router == nullptr) throw Violation{"INV5: the router does not come back"};
    for (const WorkOrderId& id : router->ledger().open_work()) {
        const router::WorkOrder& order = *router->ledger().work_order(id);
        const std::string what = "INV5: " + id.text() + " is still " + to_string(order.state);
        if (order.state == WorkOrderState::queued) {
            // Of equal pieces one stands for all.
            const router::Job& job = *router->ledger().job(order.job);
            const bool has_reason = std::any_of(
                job.work_orders.begin(), job.work_orders.end(), [&](const WorkOrderId& other) {
                    const router::WorkOrder& one = *router->ledger().work_order(other);
                    return one.state == WorkOrderState::queued &&
                           (!one.waits_for.empty() || one.planned);
                });
            if (!has_reason) throw Violation{what + ", for nothing"};
            continue;
        }
        // Its designer is told, and gives it up.
        if (order.missing) {
            if (knows_of_part(order)) throw Violation{what + ": missing, and its fab has it"};
            continue;
        }
        // What the copy of a fab did, the fab itself does not know.
        const bool was_copied = cloned_.contains(order.chosen.fab);
        if (order.state == WorkOrderState::in_doubt && was_copied) continue;
        if (is_dead(order.chosen.fab) || order.chosen.fab == FabId{"mallory"}) continue;
        throw Violation{what + " at " + order.chosen.fab.text() + ", which is well"};
    }
}

bool World::knows_of_part(const router::WorkOrder& order) const {
    return std::any_of(fabs_.begin(), fabs_.end(), [&](const auto& fab) {
        if (fab->name() != order.chosen.fab.text() || fab->is_dead() || !fab->is_up()) return false;
        const auto& work = fab->agent()->work();
        const auto found = work.find(AttemptKey{order.id, order.epoch});
        if (found == work.end()) return false;
        const agent::Stage stage = found->second.stage;
        return stage == agent::Stage::produced || stage == agent::Stage::inspected_good ||
               stage == agent::Stage::delivered;
    });
}

bool World::is_dead(const FabId& fab) const {
    return std::any_of(fabs_.begin(), fabs_.end(), [&](const auto& one) {
        return one->is_dead() && one->name() == fab.text();
    });
}

void World::check_end() const {
    const router::Router* router = router_->router();
    if (router == nullptr) throw Violation{"INV5: the router does not come back"};
    const router::Ledger& ledger = router->ledger();
    for (const JobId& job : scene_.oracle.accepted()) {
        if (ledger.job(job) == nullptr) {
            throw Violation{"INV3: job " + job.text() + " was acknowledged and is gone"};
        }
    }
    for (const auto& [id, job] : ledger.jobs()) {
        if (is_final(job.state)) continue;
        // After a restore a lie is believed: then the liar has the piece, and never hands it over.
        const bool has_liar = std::any_of(
            job.work_orders.begin(), job.work_orders.end(), [&](const WorkOrderId& order) {
                return ledger.work_order(order)->chosen.fab == FabId{"mallory"};
            });
        if (has_liar && scene_.oracle.is_old(id)) continue;
        throw Violation{"INV5: job " + id.text() + " has not ended: " + to_string(job.state)};
    }
    check_pieces();
}

// Every part that lies somewhere is known to the router as something.
void World::check_pieces() const {
    const router::Ledger& ledger = router_->router()->ledger();
    for (const Piece& piece : scene_.oracle.pieces()) {
        // Of what is not good nobody waits for word.
        const bool is_part = piece.fate == Piece::Fate::complete && piece.good;
        if (piece.by_hand || !is_part || scene_.oracle.is_excused(piece.key)) continue;
        // Whoever started the same file again took the part away, and the machine speaks of that
        // run since.
        if (scene_.oracle.made_by_hand(piece.key) || scene_.oracle.is_given_up(piece.key)) continue;
        const router::WorkOrder* order = ledger.work_order(piece.key.work_order);
        // A restored job that was not analysed yet may be rejected the second time.
        const std::string& name = piece.key.work_order.text();
        const JobId job{name.substr(0, name.rfind('-'))};
        if (order == nullptr && scene_.oracle.is_old(job)) continue;
        if (order == nullptr) throw Violation{"INV5: nobody knows " + to_string(piece.key)};
        const FabId fab{piece.machine.substr(0, piece.machine.find('/'))};
        const bool has_witness = !is_dead(fab) && !piece.agent.ends_with("-copy");
        using E = router::WorkEvent;
        const Oracle& oracle = scene_.oracle;
        const bool known = oracle.was(piece.key, E::produced) ||
                           oracle.was(piece.key, E::inspected) ||
                           oracle.was(piece.key, E::delivered) ||
                           oracle.was(piece.key, E::rejected) || oracle.has_surplus(piece.key);
        if (!known && has_witness) {
            throw Violation{"INV5: " + to_string(piece.key) + " was made by " + piece.machine +
                            ", and the router never heard of it"};
        }
    }
}

}  // namespace nearfab::simulation
