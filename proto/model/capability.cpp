// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/capability.hpp"

#include <algorithm>

namespace nearfab {

std::string to_string(MachineState state) {
    switch (state) {
        case MachineState::unknown:
            return "unknown";
        case MachineState::idle:
            return "idle";
        case MachineState::working:
            return "working";
        case MachineState::busy_locally:
            return "busy_locally";
        case MachineState::awaiting_clear:
            return "awaiting_clear";
        case MachineState::offline:
            return "offline";
        case MachineState::fault:
            return "fault";
        case MachineState::drained:
            return "drained";
    }
    return "unknown";
}

bool takes_offers(MachineState state) {
    switch (state) {
        case MachineState::idle:
        case MachineState::working:
        case MachineState::busy_locally:
        case MachineState::awaiting_clear:
            return true;
        case MachineState::unknown:
        case MachineState::offline:
        case MachineState::fault:
        case MachineState::drained:
            return false;
    }
    return false;
}

const MaterialStock* stock_of(const Capability& machine, const MaterialId& material) {
    const auto at = std::find_if(machine.materials.begin(),
                                 machine.materials.end(),
                                 [&](const MaterialStock& s) { return s.material == material; });
    return at == machine.materials.end() ? nullptr : &*at;
}

std::int64_t per_kg_of(const Rates& rates, const MaterialId& material) {
    for (const MaterialRate& rate : rates.materials) {
        if (rate.material == material) return rate.per_kg;
    }
    return rates.per_kg;
}

}  // namespace nearfab
