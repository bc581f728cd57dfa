// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/figures.hpp"

#include "router/matching/requirements.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::router {
namespace {

// Average van up to 3.5 t, well to wheel, kg CO2e per tonne and km, which is g per kg and km.
// UK government greenhouse gas conversion factors 2021 (BEIS/DESNZ).
constexpr double van_g_per_kg_km = 0.75543;
// Roads are this much longer than the great circle; the usual factor of logistics.
constexpr double circuity = 1.3;

double rate_of(const Capability& machine) {
    return std::max(machine.build_rate_cm3_per_h, 0.01);
}

double making_hours(const Question& question, const Capability& machine) {
    const std::optional<double> effort = effort_cm3(question);
    if (!effort) return *question.typical_time_s / 3600;
    return static_cast<double>(setup_s) / 3600 + *effort / rate_of(machine);
}

}  // namespace

std::optional<double> price_of(const Question& question, const Capability& machine) {
    if (!machine.rates || machine.rates->currency != question.currency) return std::nullopt;
    const Rates& rates = *machine.rates;
    return std::ceil(static_cast<double>(rates.setup) +
                     static_cast<double>(rates.per_hour) * making_hours(question, machine) +
                     static_cast<double>(rates.per_kg) * question.mass_g / 1000);
}

double transport_g(const Question& question, double distance_km) {
    return question.mass_g / 1000 * distance_km * circuity * van_g_per_kg_km;
}

std::optional<double> carbon_g_of(const Question& question,
                                  const Capability& machine,
                                  double distance_km) {
    if (!machine.energy) return std::nullopt;
    const double kwh = machine.energy->power_w / 1000 * making_hours(question, machine);
    return kwh * machine.energy->grid_gco2e_per_kwh + transport_g(question, distance_km);
}

FigureRates figure_rates(const Capability& machine) {
    FigureRates figures;
    if (machine.rates) {
        const auto per_hour = static_cast<double>(machine.rates->per_hour);
        figures.price_fixed = static_cast<double>(machine.rates->setup);
        figures.price_per_cm3 = per_hour / rate_of(machine);
    }
    if (machine.energy) {
        figures.carbon_per_cm3 =
            machine.energy->power_w / 1000 * machine.energy->grid_gco2e_per_kwh / rate_of(machine);
    }
    return figures;
}

}  // namespace nearfab::router
