// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/operator.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace nearfab::simulation {
namespace {

using message::OperatorAction;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double spool_g = 1000;  // With less than this a new one is brought.

}  // namespace

void Operator::come_again() {
    at_ = scene_.now + scene_.dice.between(seconds{30}, scene_.setting.visits);
}

TimePoint Operator::next() const {
    return fab_.is_dead() ? TimePoint::max() : at_;
}

void Operator::say(OperatorAction action,
                   const WorkOrderId& work,
                   const MachineId& machine,
                   std::string text) {
    fab_.order({action, work, machine, std::move(text)});
}

void Operator::run() {
    if (fab_.is_dead() || scene_.now < at_) return;
    come_again();
    if (!fab_.can_hear()) return;
    for (const auto& [id, machine] : fab_.machines())
        look_at(id, *machine);
    std::vector<agent::Work> held;
    for (const auto& [key, work] : fab_.agent()->work())
        held.push_back(work);
    for (const agent::Work& work : held)
        look_at(work);
    if (scene_.strikes(Fault::bed_forgotten)) at_ += std::chrono::hours{1};
}

void Operator::look_at(const MachineId& id, Machine& machine) {
    machine.advance();
    const agent::Machine& seen = fab_.agent()->machines().at(id);
    if (machine.attended()) {
        machine.set_person_until(scene_.now + scene_.setting.intervals.presence_validity +
                                 minutes{1});
        say(OperatorAction::presence, {}, id);
    }
    // At its panel; one that does not answer is found paused again.
    if (machine.is_held() && scene_.dice.chance(0.5)) (void)machine.resume();
    look_at_material(id, seen);
    if (machine.is_active()) return;
    if (!machine.is_in_order()) machine.mend();
    if (seen.drained || !seen.quarantine.empty()) {
        if (!scene_.stormy || scene_.dice.chance(0.5)) say(OperatorAction::resume, {}, id);
    } else if (scene_.strikes(Fault::drained)) {
        say(OperatorAction::drain, {}, id);
    }
    machine.clear_bed();
    if (!seen.bed_clear) say(OperatorAction::clear_bed, {}, id);
}

void Operator::look_at_material(const MachineId& id, const agent::Machine& seen) {
    for (const MaterialStock& listed : seen.options.capability.materials) {
        const bool taken = scene_.strikes(Fault::material_low);
        if (!taken && seen.stock_g(listed.material) > spool_g) continue;
        message::OperatorCommand command;
        command.action = OperatorAction::load;
        command.machine = id;
        command.material = listed.material;
        command.grams = taken ? static_cast<double>(scene_.dice.below(40)) : 100 * spool_g;
        fab_.order(std::move(command));
    }
}

void Operator::look_at(const agent::Work& work) {
    const WorkOrderId& id = work.key.work_order;
    switch (work.stage) {
        case agent::Stage::seen:
            say(scene_.dice.chance(0.8) ? OperatorAction::accept : OperatorAction::decline, id, {});
            return;
        case agent::Stage::reserved:
            if (scene_.stormy && scene_.dice.chance(0.02)) say(OperatorAction::decline, id, {});
            return;
        case agent::Stage::produced: {
            const Piece* piece = scene_.oracle.piece_of(work.key);
            if (piece == nullptr && scene_.oracle.made_by_hand(work.key)) {
                say(OperatorAction::inspect_bad, id, {});  // Nothing lies there.
                return;
            }
            if (piece == nullptr) {
                throw Violation{"INV1: " + to_string(work.key) + " counts as made, but is not"};
            }
            const bool good = piece->fate == Piece::Fate::complete && piece->good;
            say(good ? OperatorAction::inspect_good : OperatorAction::inspect_bad, id, {});
            return;
        }
        case agent::Stage::inspected_good:
            say(scene_.strikes(Fault::second_look) ? OperatorAction::inspect_bad
                                                   : OperatorAction::hand_over,
                id,
                {});
            return;
        case agent::Stage::in_doubt:
            decide_doubt(work);
            return;
        case agent::Stage::running:
            if (work.unwanted && !work.unwanted->stop && scene_.dice.chance(0.3)) {
                say(OperatorAction::decline, id, {});
            }
            hold_or_let_go(work);
            return;
        case agent::Stage::declined:
        case agent::Stage::asked:
        case agent::Stage::authorised:
        case agent::Stage::starting:
        case agent::Stage::failed:
        case agent::Stage::never_started:
        case agent::Stage::released:
        case agent::Stage::inspected_bad:
        case agent::Stage::delivered:
            return;
    }
}

void Operator::hold_or_let_go(const agent::Work& work) {
    const MachineId& machine = work.offer.machine;
    if (!work.halted) {
        if (scene_.stormy && scene_.dice.chance(0.1)) {
            say(OperatorAction::pause_machine, {}, machine);
        }
    } else if (work.paused) {
        say(OperatorAction::resume_machine, {}, machine);
    }
}

void Operator::decide_doubt(const agent::Work& work) {
    const Machine& machine = *fab_.machines().at(work.offer.machine);
    const Piece* piece = scene_.oracle.piece_of(work.key);
    if (machine.is_active() && (piece == nullptr || piece->fate == Piece::Fate::running)) return;
    const char* verdict = "never_started";
    if (piece != nullptr) verdict = piece->fate == Piece::Fate::complete ? "made" : "failed";
    say(OperatorAction::resolve, work.key.work_order, {}, verdict);
}

}  // namespace nearfab::simulation
