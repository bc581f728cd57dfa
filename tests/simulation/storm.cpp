// SPDX-License-Identifier: GPL-3.0-or-later
// The faults that come by themselves: which, whom, for how long.

#include "proto/codec/codec.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <array>

namespace nearfab::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array by_itself{
    Fault::agent_crash,
    Fault::agent_crash_while_making,
    Fault::partition,
    Fault::router_crash,
    Fault::wall_clock_set,
    Fault::suspended,
    Fault::herd,
    Fault::frame_replayed,
    Fault::forged,
    Fault::black_hole,
    Fault::flood,
    Fault::fab_died,
    Fault::machine_power_cut,
    Fault::run_by_hand,
    Fault::our_file_by_hand,
    Fault::key_revoked,
    Fault::fab_cloned,
    Fault::computer_rebooted,
    Fault::machine_silent,
    Fault::machine_fault,
    Fault::reconnected,
    Fault::bit_flipped,
    Fault::backup_restored,
    Fault::line_slow,
};

}  // namespace

void World::strike() {
    next_strike_ = scene_.now + scene_.dice.around(scene_.setting.between_strikes);
    double sum = 0;
    for (const Fault fault : by_itself)
        sum += scene_.setting.of(fault);
    if (sum <= 0) return;
    double at = static_cast<double>(scene_.dice.below(1'000'000)) / 1e6 * sum;
    for (const Fault fault : by_itself) {
        at -= scene_.setting.of(fault);
        if (at < 0) return strike(fault);
    }
}

void World::strike(Fault fault) {
    const bool struck = strike_agent(fault) || strike_machine(fault) || strike_router(fault) ||
                        strike_network(fault) || strike_trust(fault);
    if (!struck) return;
    scene_.tell("fault: " + std::string{to_string(fault)});
    if (fault != Fault::agent_crash && fault != Fault::agent_crash_while_making) {
        scene_.count(fault);
    }
}

AgentHost* World::living_fab() {
    AgentHost* fab = scene_.dice.of(fabs_).get();
    return fab->is_dead() ? nullptr : fab;
}

Machine* World::some_machine() {
    AgentHost* fab = living_fab();
    if (fab == nullptr) return nullptr;
    auto at = fab->machines().begin();
    std::advance(at, static_cast<std::ptrdiff_t>(scene_.dice.below(fab->machines().size())));
    return at->second.get();
}

bool World::strike_agent(Fault fault) {
    AgentHost* fab = living_fab();
    if (fab == nullptr || !fab->is_up()) return false;
    if (fault == Fault::agent_crash) {
        scene_.count(fault);
        if (scene_.dice.chance(0.5)) {
            fab->light_fuse(1 + static_cast<int>(scene_.dice.below(40)));
        } else {
            fab->crash(scene_.dice.between(seconds{1}, minutes{10}));
        }
        return true;
    }
    if (fault == Fault::agent_crash_while_making) {
        const auto& work = fab->agent()->work();
        const auto made = std::find_if(work.begin(), work.end(), [](const auto& entry) {
            return entry.second.stage == agent::Stage::running;
        });
        if (made == work.end()) return false;
        const bool remembers =
            fab->machines().at(made->second.offer.machine)->memory() != Memory::none;
        scene_.count(remembers ? fault : Fault::agent_crash_amnesia);
        fab->crash(scene_.dice.between(seconds{1}, hours{1}));
        return true;
    }
    if (fault == Fault::computer_rebooted) {
        fab->reboot(scene_.dice.between(seconds{30}, minutes{20}));
        return true;
    }
    if (fault == Fault::suspended) {
        fab->suspend(scene_.dice.around(minutes{10}));
        return true;
    }
    if (fault == Fault::wall_clock_set) {
        if (scene_.dice.chance(0.3)) return false;  // The router's, then.
        fab->set_wall_clock(hours{static_cast<int>(scene_.dice.below(175'200)) - 87'600});
        return true;
    }
    if (fault == Fault::bit_flipped) {
        return scene_.dice.chance(0.5) && fab->flip_bit();
    }
    if (fault == Fault::fab_died) {
        if (fab_died_ || fabs_.size() < 2) return false;
        fab_died_ = true;
        fab->die();
        return true;
    }
    return false;
}

bool World::strike_machine(Fault fault) {
    Machine* machine = some_machine();
    if (machine == nullptr) return false;
    if (fault == Fault::machine_power_cut) {
        machine->lose_power(scene_.dice.between(seconds{1}, minutes{30}));
        return true;
    }
    if (fault == Fault::machine_silent) {
        machine->fall_silent(scene_.dice.around(minutes{5}));
        return true;
    }
    if (fault == Fault::machine_fault) {
        machine->fail_now();
        return true;
    }
    if (fault == Fault::run_by_hand) {
        return machine->run_by_hand("vase.gcode");
    }
    if (fault == Fault::our_file_by_hand) {
        if (machine->files().empty()) return false;
        auto at = machine->files().begin();
        std::advance(at, static_cast<std::ptrdiff_t>(scene_.dice.below(machine->files().size())));
        return machine->run_by_hand(at->first);
    }
    if (fault == Fault::black_hole) {
        AgentHost* fab = living_fab();
        if (fab == nullptr || fabs_.size() < 2) return false;
        for (const auto& [id, one] : fab->machines())
            one->spoil();
        return true;
    }
    return false;
}

bool World::strike_router(Fault fault) {
    if (fault == Fault::router_crash) {
        if (scene_.strikes(Fault::router_crash_in_turn)) {
            router_->light_fuse(1 + static_cast<int>(scene_.dice.below(40)));
            return false;
        }
        router_->crash(scene_.dice.between(seconds{1}, minutes{15}));
        return true;
    }
    if (fault == Fault::wall_clock_set) {
        router_->set_wall_clock(hours{static_cast<int>(scene_.dice.below(175'200)) - 87'600});
        return true;
    }
    if (fault == Fault::bit_flipped) {
        return router_->flip_bit();
    }
    if (fault == Fault::backup_restored) {
        // Backups are taken more often than needed.
        if (!router_->is_up()) return false;
        if (!router_->has_backup() || scene_.dice.chance(0.5)) {
            router_->back_up();
            return false;
        }
        if (!router_->restore_backup()) return false;
        for (const auto& designer : designers_)
            designer->ask_anew(scene_.oracle.lost());
        return true;
    }
    if (fault == Fault::flood) {
        scene_.dice.of(designers_)->flood();
        return true;
    }
    return false;
}

bool World::strike_network(Fault fault) {
    const LineNumber line = scene_.dice.below(network_.size());
    if (fault == Fault::partition) {
        network_.partition(line, scene_.dice.around(minutes{10}));
        return true;
    }
    if (fault == Fault::line_slow) {
        const Duration span = scene_.dice.around(minutes{5});
        if (scene_.dice.chance(0.5)) {
            network_.slow_down(line, span);
        } else {
            Designer& designer = *scene_.dice.of(designers_);
            network_.slow_down(designer.line(), span);
            designer.pester(scene_.now + span);
        }
        return true;
    }
    if (fault == Fault::reconnected) {
        network_.reconnect(line, scene_.dice.between({}, seconds{30}));
        return true;
    }
    if (fault == Fault::herd) {
        network_.reconnect_all(seconds{5});
        return true;
    }
    if (fault == Fault::frame_replayed) {
        return network_.replay_old_frame();
    }
    return false;
}

bool World::strike_trust(Fault fault) {
    const std::size_t number = scene_.dice.below(fabs_.size());
    if (fault == Fault::key_revoked) {
        network_.set_identity(fabs_[number]->line(), std::nullopt);
        router_->keys_changed();
        trust_ends_ = scene_.now + scene_.dice.around(minutes{15});
        return true;
    }
    if (fault == Fault::fab_cloned) {
        return clone();
    }
    if (fault == Fault::forged) {
        return forge();
    }
    return false;
}

bool World::clone() {
    AgentHost* fab = living_fab();
    if (fab == nullptr || !clones_.empty()) return false;
    // The copy knows the beds as they were. Only a machine's count can tell it that they are not.
    const bool all_count =
        std::all_of(fab->machines().begin(), fab->machines().end(), [](const auto& entry) {
            return entry.second->memory() == Memory::counts_runs;
        });
    if (!all_count) return false;
    const auto number = static_cast<std::size_t>(
        std::find_if(
            fabs_.begin(), fabs_.end(), [&](const auto& one) { return one.get() == fab; }) -
        fabs_.begin());
    clones_.push_back(std::make_unique<AgentHost>(*fab, fab->name() + "-copy"));
    AgentHost* copy = clones_.back().get();
    cloned_.insert(FabId{fab->name()});
    copy->dial(network_.add(keys_[number],
                            {[copy](const Bytes& bytes) { copy->receive(bytes); },
                             [this](const auto& id, const auto& who, const Bytes& bytes) {
                                 router_->receive(id, who, bytes);
                             }}));
    trust_ends_ = scene_.now + scene_.dice.around(minutes{30});
    return true;
}

// The network's operator has looked: copies are stopped, lost keys are replaced.
void World::end_trust_faults() {
    trust_ends_.reset();
    for (const auto& copy : clones_) {
        if (!copy->is_dead()) copy->die();
    }
    for (std::size_t i = 0; i < fabs_.size(); ++i) {
        if (scene_.dice.chance(0.3)) keys_[i].key += ", anew";
        network_.set_identity(fabs_[i]->line(), keys_[i]);
        router_->forgive(FabId{fabs_[i]->name()}, fabs_[i]->is_dead());
    }
    router_->keys_changed();
}

// Fabs are held back for other reasons as well. Whoever forgives one has looked: a copy is stopped.
void World::inspect_trust() {
    next_inspection_ = scene_.now + scene_.dice.between(minutes{5}, hours{2});
    const router::Router* router = router_->router();
    if (router == nullptr || (scene_.stormy && scene_.dice.chance(0.5))) return;
    for (const auto& fab : fabs_) {
        const FabId id{fab->name()};
        if (!router->ledger().fab(id).suspicion) continue;
        for (const auto& copy : clones_) {
            if (cloned_.contains(id) && !copy->is_dead()) copy->die();
        }
        router_->forgive(id, fab->is_dead());
    }
}

// ---- A valid key that speaks of what is not its own ---------------------------------------------

void World::add_forger() {
    wire::ClientSessionOptions options;
    options.software = "simulation";
    options.boot_id = "forger";
    options.role = Role::agent;
    options.silence = hours{10};
    options.stream.keepalive = minutes{1};
    options.stream.blocked_retry = seconds{2};
    forger_ = std::make_unique<wire::ClientSession>(std::move(options), scene_.now);
    forger_line_ = network_.add({Role::agent, IdentityId{"mallory"}, "key of mallory"},
                                {[this](const Bytes& bytes) { forger_inbox_.push_back(bytes); },
                                 [this](const auto& id, const auto& who, const Bytes& bytes) {
                                     router_->receive(id, who, bytes);
                                 }});
}

void World::run_forger() {
    for (const Bytes& bytes : std::exchange(forger_inbox_, {}))
        forger_->receive(scene_.now, bytes);
    forger_->tick(scene_.now);
    for (const wire::ClientEvent& event : forger_->take_events()) {
        const auto* said = std::get_if<wire::client_event::Delivered>(&event);
        if (said != nullptr && said->sequence != 0) {
            forger_->handled(said->session, said->sequence);
        }
    }
    for (const wire::Stream::Frame& frame : forger_->take_outgoing(scene_.now)) {
        if (network_.up(forger_line_, frame.bytes) == Network::Sent::blocked) {
            forger_->blocked(scene_.now, frame);
        }
    }
}

bool World::forge() {
    if (!tell_a_lie()) return false;
    run_forger();
    return true;
}

bool World::tell_a_lie() {
    const auto& holders = scene_.oracle.holders();
    if (holders.empty() || !forger_->is_open()) return false;
    auto at = holders.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(scene_.dice.below(holders.size())));
    agent::AttemptKey key = at->first;
    // Real ones, and others that nobody ever gave out.
    if (scene_.dice.chance(0.5))
        key.epoch += 1 + scene_.dice.below(scene_.dice.chance(0.2) ? 5000 : 5);
    const auto state = static_cast<message::AttemptState>(1 + scene_.dice.below(13));
    const MachineId machine{"m1"};
    message::AttemptReport report{key.work_order, key.epoch, state, machine, "", "", false};
    switch (scene_.dice.below(4)) {
        case 0:
            return forger_->send(scene_.now, report);
        case 1:
            return forger_->send(scene_.now, message::Inventory{{report}, scene_.dice.chance(0.5)});
        case 2:
            return forger_->send(scene_.now, message::AcceptOffer{key.work_order, key.epoch});
        default: {
            message::StartRequest question;
            question.work_order = key.work_order;
            question.epoch = key.epoch;
            question.machine = machine;
            question.nonce = 1;
            question.bed_clear = true;
            question.operator_present = true;
            return forger_->send(scene_.now, question, 0, wire::Delivery::lossy);
        }
    }
}

}  // namespace nearfab::simulation
