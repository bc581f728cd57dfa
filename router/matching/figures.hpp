// SPDX-License-Identifier: GPL-3.0-or-later
// figures.hpp - what one machine asks for one piece, and what making and bringing it emits.
//
//     price      = set-up + machine hours x rate + kg of material x its rate, rounded up
//     footprint  = material + energy + transport (footprint/estimate.hpp), none of what is not
//     known
//
// The machine hours are the estimate that finish times rest on, and the mass is the part's made
// solid, so prints with infill cost less. Figures for choosing are plain numbers, the others are
// what people are told. A machine without a figure comes after those that have it: a price in
// another currency than asked for is none here, because nobody knows a rate of exchange.

#pragma once

#include "proto/model/footprint.hpp"
#include "proto/model/money.hpp"
#include "router/matching/question.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nearfab::router {

// In the fab's own currency, at most limits::money_max. None when it states no rates.
[[nodiscard]] std::optional<Money> asked_price(const Question& question, const Capability& machine);
[[nodiscard]] Footprint footprint_of(const Question& question,
                                     const Capability& machine,
                                     double distance_km);

// For choosing, in the smallest unit of the question's currency. None when the fab states no rates,
// or rates in another currency.
[[nodiscard]] std::optional<double> price_of(const Question& question, const Capability& machine);

// For choosing, grams: energy and transport, because the material is the same everywhere. None when
// the fab does not state power and grid.
[[nodiscard]] std::optional<double> carbon_g_of(const Question& question,
                                                const Capability& machine,
                                                double distance_km);

// What `cheapest` adds to a price for so many grams, which count without the material's own.
[[nodiscard]] double carbon_cost(const Question& question, double carbon_g);
// What `cheapest` compares. None when the price is not known or not comparable, and when emissions
// have a price and are not known.
[[nodiscard]] std::optional<double> full_cost(const Question& question,
                                              const Capability& machine,
                                              double distance_km);

// For lower bounds: price = at least fixed + per_cm3 x effort_cm3() + per_kg x mass, carbon
// likewise. A machine without the figure has zeros.
struct FigureRates {
    double price_fixed = 0;
    double price_per_cm3 = 0;
    double price_per_kg = 0;  // Of the cheapest material.
    double carbon_per_cm3 = 0;
};
[[nodiscard]] FigureRates figure_rates(const Capability& machine);

// Of bringing a piece from the machine to the place of use.
[[nodiscard]] double transport_g(const Question& question, double distance_km);

// Where the footprints of these machines come from: first what is the same for all.
struct FootprintOwner {
    FabId fab;
    const Capability* machine = nullptr;
};
[[nodiscard]] std::vector<FootprintBasis> footprint_bases(const Question& question,
                                                          std::span<const FootprintOwner> owners);

}  // namespace nearfab::router
