// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/footprint.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>

namespace nearfab {
namespace {

std::int64_t product(std::int64_t mg, std::uint32_t pieces) {
    const std::int64_t most = limits::carbon_mg_max;
    if (pieces > 0 && mg > most / pieces) return most;
    return mg * pieces;
}

}  // namespace

bool is_complete(const Footprint& footprint) {
    return footprint.material && footprint.energy && footprint.transport;
}

CarbonRange sum_of(const Footprint& footprint) {
    CarbonRange sum;
    for (const auto& share : {footprint.material, footprint.energy, footprint.transport}) {
        if (!share) continue;
        sum.low_mg += share->low_mg;
        sum.typical_mg += share->typical_mg;
        sum.high_mg += share->high_mg;
    }
    return sum;
}

Footprint times(const Footprint& footprint, std::uint32_t pieces) {
    Footprint all = footprint;
    for (auto* share : {&all.material, &all.energy, &all.transport}) {
        if (!*share) continue;
        CarbonRange& range = **share;
        range = {product(range.low_mg, pieces),
                 product(range.typical_mg, pieces),
                 product(range.high_mg, pieces)};
    }
    return all;
}

}  // namespace nearfab
