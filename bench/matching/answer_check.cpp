// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/answer_check.hpp"

#include "bench/matching/sphere.hpp"
#include <cmath>
#include <cstdio>
#include <set>

namespace nearfab::bench {
namespace {

bool same_km(double a, double b) {
    return std::abs(a - b) <= 0.001 + 1e-6 * std::abs(b);
}

std::string km(double distance) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4f km", distance);
    return text;
}

double true_km(const BenchMachine& machine, const Query& query) {
    return chord_to_km(chord_squared(unit_vector(machine.latitude_deg, machine.longitude_deg),
                                     unit_vector(query.latitude_deg, query.longitude_deg)));
}

}  // namespace

std::optional<std::string> difference(const World& world,
                                      const Query& query,
                                      std::span<const Hit> answer,
                                      std::span<const Hit> expected) {
    if (answer.size() != expected.size()) {
        return std::to_string(answer.size()) + " machines instead of " +
               std::to_string(expected.size());
    }
    std::set<std::uint32_t> seen;
    for (std::size_t i = 0; i < answer.size(); ++i) {
        const Hit& hit = answer[i];
        const std::string who = "machine " + std::to_string(hit.id);
        if (hit.id >= world.machines.size()) return who + " does not exist";
        if (!seen.insert(hit.id).second) return who + " is there twice";
        const BenchMachine& machine = world.machines[hit.id];
        if (machine.process != query.process || !can_make(machine, query))
            return who + " cannot make it";
        if (!same_km(hit.distance_km, true_km(machine, query)))
            return who + " is not " + km(hit.distance_km) + " but " + km(true_km(machine, query)) +
                   " away";
        if (!same_km(hit.distance_km, expected[i].distance_km))
            return "place " + std::to_string(i + 1) + " is " + km(hit.distance_km) +
                   " away instead of " + km(expected[i].distance_km);
    }
    return std::nullopt;
}

}  // namespace nearfab::bench
