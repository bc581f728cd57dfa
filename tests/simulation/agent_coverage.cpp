// SPDX-License-Identifier: GPL-3.0-or-later
// Which turns of an attempt's table an agent takes, as its facts and words show them.

#include "base/check.hpp"
#include "tests/simulation/agent_host.hpp"

namespace nearfab::simulation {
namespace {

std::optional<agent::Turn> turn_of(const agent::Fact& fact) {
    using agent::Turn;
    namespace f = agent::fact;
    if (std::holds_alternative<f::Declined>(fact)) return Turn::decline;
    if (std::holds_alternative<f::Reserved>(fact)) return Turn::accept;
    if (std::holds_alternative<f::Authorised>(fact)) return Turn::authorise;
    if (std::holds_alternative<f::Starting>(fact)) return Turn::begin;
    if (std::holds_alternative<f::Running>(fact)) return Turn::run;
    if (std::holds_alternative<f::Doubted>(fact)) return Turn::doubt;
    if (std::holds_alternative<f::Burnt>(fact)) return Turn::burn;
    if (std::holds_alternative<f::Released>(fact)) return Turn::release;
    if (std::holds_alternative<f::HandedOver>(fact)) return Turn::hand_over;
    if (const auto* end = std::get_if<f::Ended>(&fact)) {
        return end->produced ? Turn::produce : Turn::fail;
    }
    if (const auto* seen = std::get_if<f::Inspected>(&fact)) {
        return seen->good ? Turn::pass : Turn::reject;
    }
    return std::nullopt;
}

std::optional<agent::AttemptKey> key_of(const agent::Fact& fact) {
    return std::visit(
        [](const auto& f) -> std::optional<agent::AttemptKey> {
            if constexpr (requires { f.key; }) return f.key;
            return std::nullopt;
        },
        fact);
}

}  // namespace

void AgentHost::observe(const agent::Effects& effects) {
    auto& stages = process_->stages;
    const auto take_turn = [&](const agent::AttemptKey& key, agent::Turn turn) {
        const auto at = stages.find(key);
        if (at == stages.end()) return;
        const auto to = agent::next(at->second, turn);
        if (!to) return;
        ++scene_.coverage.attempt[{at->second, turn}];
        at->second = *to;
    };
    for (const agent::Effect& effect : effects) {
        if (const auto* sent = std::get_if<agent::effect::SendToRouter>(&effect)) {
            const auto* question = std::get_if<message::StartRequest>(&sent->message);
            if (question == nullptr) continue;
            const agent::AttemptKey key{question->work_order, question->epoch};
            if (stages[key] == agent::Stage::asked) take_turn(key, agent::Turn::hold);
            take_turn(key, agent::Turn::ask);
            continue;
        }
        const auto* record = std::get_if<agent::effect::Record>(&effect);
        if (record == nullptr) continue;
        scene_.tell(name_ + ": " + agent::to_string(record->fact));
        if (const auto* seen = std::get_if<agent::fact::Seen>(&record->fact)) {
            stages[{seen->offer.work_order, seen->offer.epoch}] = agent::Stage::seen;
        }
        if (const auto* right = std::get_if<agent::fact::Authorised>(&record->fact)) {
            NEARFAB_CHECK(process_->right.has_value(), "a right is used only when one arrives");
            const message::StartRight& came = *process_->right;
            const bool is_it = agent::AttemptKey{came.work_order, came.epoch} == right->key;
            const auto earlier = process_->rights.find(right->key);
            const message::StartRight* of_another =
                earlier == process_->rights.end() ? nullptr : &earlier->second;
            scene_.oracle.right_used(name_, right->key, is_it ? &came : of_another, scene_.now);
        }
        const auto turn = turn_of(record->fact);
        const auto key = key_of(record->fact);
        if (turn && key) take_turn(*key, *turn);
    }
    for (auto& [key, stage] : stages) {
        if (stage != agent::Stage::asked) continue;
        const auto now = process_->core.work().find(key);
        if (now != process_->core.work().end() && now->second.stage == agent::Stage::reserved) {
            take_turn(key, agent::Turn::hold);
        }
    }
}

}  // namespace nearfab::simulation
