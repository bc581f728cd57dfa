// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/figures.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/requirements.hpp"

#include "footprint/estimate.hpp"
#include <algorithm>
#include <cmath>

namespace nearfab::router {
namespace {

constexpr double grams_per_tonne = 1e6;

double rate_of(const Capability& machine) {
    return std::max(machine.build_rate_cm3_per_h, 0.01);
}

double making_hours(const Question& question, const Capability& machine) {
    const std::optional<double> effort = effort_cm3(question);
    if (!effort) return *question.typical_time_s / 3600;
    return static_cast<double>(setup_s) / 3600 + *effort / rate_of(machine);
}

double amount(const Rates& rates, const Question& question, const Capability& machine) {
    const std::int64_t per_kg = per_kg_of(rates, question.part.material);
    return std::ceil(static_cast<double>(rates.setup) +
                     static_cast<double>(rates.per_hour) * making_hours(question, machine) +
                     static_cast<double>(per_kg) * question.mass_g / 1000);
}

// As the fab stated it, or as it may be.
footprint::Range power_of(const Energy& energy) {
    if (energy.power_high_w <= 0) return {energy.power_w, energy.power_w, energy.power_w};
    return {energy.power_low_w, energy.power_w, energy.power_high_w};
}

}  // namespace

std::optional<Money> asked_price(const Question& question, const Capability& machine) {
    if (!machine.rates) return std::nullopt;
    const double asked = amount(*machine.rates, question, machine);
    return Money{
        machine.rates->currency,
        static_cast<std::int64_t>(std::min(asked, static_cast<double>(limits::money_max)))};
}

Footprint footprint_of(const Question& question, const Capability& machine, double distance_km) {
    Footprint whole;
    if (question.material_g) whole.material = footprint::rounded(*question.material_g);
    if (machine.energy) {
        whole.energy = footprint::rounded(footprint::energy_g(power_of(*machine.energy),
                                                              making_hours(question, machine),
                                                              question.time_error,
                                                              machine.energy->grid_gco2e_per_kwh));
    }
    whole.transport = footprint::rounded(footprint::transport_g(question.mass_g, distance_km));
    return whole;
}

std::optional<double> price_of(const Question& question, const Capability& machine) {
    if (!machine.rates || machine.rates->currency != question.currency) return std::nullopt;
    return amount(*machine.rates, question, machine);
}

double transport_g(const Question& question, double distance_km) {
    return footprint::typical_transport_g(question.mass_g, distance_km);
}

std::optional<double> carbon_g_of(const Question& question,
                                  const Capability& machine,
                                  double distance_km) {
    if (!machine.energy) return std::nullopt;
    const double kwh = machine.energy->power_w / 1000 * making_hours(question, machine);
    return kwh * machine.energy->grid_gco2e_per_kwh + transport_g(question, distance_km);
}

double carbon_cost(const Question& question, double carbon_g) {
    const double material = question.material_g ? question.material_g->typical : 0;
    return static_cast<double>(question.carbon_price_per_t) / grams_per_tonne *
           (carbon_g + material);
}

std::optional<double> full_cost(const Question& question,
                                const Capability& machine,
                                double distance_km) {
    const std::optional<double> price = price_of(question, machine);
    if (!price || question.carbon_price_per_t == 0) return price;
    const std::optional<double> carbon = carbon_g_of(question, machine, distance_km);
    if (!carbon) return std::nullopt;
    return *price + carbon_cost(question, *carbon);
}

FigureRates figure_rates(const Capability& machine) {
    FigureRates figures;
    if (machine.rates) {
        const Rates& rates = *machine.rates;
        std::int64_t per_kg = rates.per_kg;
        for (const MaterialRate& material : rates.materials)
            per_kg = std::min(per_kg, material.per_kg);
        figures.price_fixed = static_cast<double>(rates.setup);
        figures.price_per_cm3 = static_cast<double>(rates.per_hour) / rate_of(machine);
        figures.price_per_kg = static_cast<double>(per_kg);
    }
    if (machine.energy) {
        figures.carbon_per_cm3 =
            machine.energy->power_w / 1000 * machine.energy->grid_gco2e_per_kwh / rate_of(machine);
    }
    return figures;
}

std::vector<FootprintBasis> footprint_bases(const Question& question,
                                            std::span<const FootprintOwner> owners) {
    std::vector<FootprintBasis> bases;
    if (const auto* factor = footprint::material_factor(question.part.material.text())) {
        bases.push_back(footprint::material_basis(*factor));
    }
    bases.push_back(footprint::transport_basis());
    for (const FootprintOwner& owner : owners) {
        if (bases.size() == limits::footprint_bases_max) break;
        if (!owner.machine->energy) continue;
        const Energy& energy = *owner.machine->energy;
        bases.push_back(footprint::energy_basis(energy.power_basis, energy.grid_basis));
        bases.back().fab = owner.fab;
        bases.back().machine = owner.machine->machine;
    }
    return bases;
}

}  // namespace nearfab::router
