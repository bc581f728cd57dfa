// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/settle.hpp"

#include "node-agent/shell/fact_codec.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace nearfab::agent {
namespace {

// A start that is taken back in the same turn never reaches its machine; then this is its answer.
std::optional<event::StartGateAnswered> taken_back_at_once(const Effects& effects,
                                                           const Effect& effect) {
    const auto* open = std::get_if<effect::OpenStartGate>(&effect);
    if (open == nullptr) return std::nullopt;
    const AttemptKey key{open->order.work_order, open->order.epoch};
    for (const Effect& other : effects) {
        const auto* revoke = std::get_if<effect::RevokeStart>(&other);
        if (revoke == nullptr || revoke->key != key) continue;
        return event::StartGateAnswered{key, {StartOutcome::Kind::revoked, revoke->reason}};
    }
    return std::nullopt;
}

}  // namespace

Status settle(Effects& effects, WallTime wall, const SettleSteps& steps) {
    while (!effects.empty()) {
        const Effects now = std::exchange(effects, {});
        std::vector<Journal::Record> records;
        for (const Effect& effect : now) {
            if (const auto* record = std::get_if<effect::Record>(&effect)) {
                records.push_back({wall, encode_fact(record->fact)});
            }
        }
        if (!records.empty()) {
            if (Status written = steps.append(records); !written) return written;
        }
        for (const Effect& effect : now) {
            if (const auto back = taken_back_at_once(now, effect)) {
                steps.feed(*back);
            } else {
                steps.carry_out(effect);
            }
        }
    }
    return {};
}

}  // namespace nearfab::agent
