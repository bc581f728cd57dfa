// SPDX-License-Identifier: GPL-3.0-or-later
// figures.hpp - what one machine would ask for one piece, and what it would emit.
//
// Both are for choosing between machines: what is the same wherever the piece is made (the
// material's own emissions) is left out. A machine whose fab does not say what is needed for a
// figure has none, and comes after those that have.

#pragma once

#include "router/matching/question.hpp"

#include <cstdint>
#include <optional>

namespace nearfab::router {

// Setup, machine time and material, in the smallest unit of the question's currency, rounded up.
// None when the fab states no rates, or rates in another currency: nobody here knows an exchange
// rate.
[[nodiscard]] std::optional<double> price_of(const Question& question, const Capability& machine);

// Grams of CO2e: the machine's energy on the fab's grid, and the way of the piece to its use by
// van. None when the fab does not state power and grid.
[[nodiscard]] std::optional<double> carbon_g_of(const Question& question,
                                                const Capability& machine,
                                                double distance_km);

// For lower bounds: price = at least fixed + per_cm3 x effort_cm3(), carbon likewise. A machine
// without the figure has zeros.
struct FigureRates {
    double price_fixed = 0;
    double price_per_cm3 = 0;
    double carbon_per_cm3 = 0;
};
[[nodiscard]] FigureRates figure_rates(const Capability& machine);

// Of bringing a piece from the machine to the place of use.
[[nodiscard]] double transport_g(const Question& question, double distance_km);

}  // namespace nearfab::router
