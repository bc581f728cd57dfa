// SPDX-License-Identifier: GPL-3.0-or-later
// estimate.hpp - grams of CO2e of one piece: its material, the machine's energy, its way.
//
//     material   = mass x factor of the material
//     energy     = power x making time / 1000 x intensity of the grid
//     transport  = mass x distance x circuity x factor of the vehicle
//
// What making the machine and the packaging emits, and what happens to the piece after its use, is
// in none of them. The ranges come from the tables' own; low and high are taken together, so the
// whole range is wider than it would be likely.
//
// For the way, typical is an average van for small loads (UK 2021) on roads 1.3 times as long as
// the great circle; low an average lorry; high a petrol van (FR 2021) on detours of 1.4. A car that
// drives for this piece alone emits far more, and a person on foot nothing: who fetches it knows.

#pragma once

#include "proto/model/footprint.hpp"

#include "footprint/tables.hpp"

namespace nearfab::footprint {

[[nodiscard]] Range material_g(double mass_g, const Factor& material);

// `time_error` is relative: the time is within hours / (1 + error) and hours x (1 + error).
[[nodiscard]] Range energy_g(const Range& power_w,
                             double hours,
                             double time_error,
                             double grid_gco2e_per_kwh);

[[nodiscard]] Range transport_g(double mass_g, double great_circle_km);
// The middle of it alone, for searching.
[[nodiscard]] double typical_transport_g(double mass_g, double great_circle_km);

// Rounded to whole milligrams, within what a message may carry.
[[nodiscard]] CarbonRange rounded(const Range& grams);

// How the three are found and from what, for people; of the energy see the fab's own statement.
[[nodiscard]] FootprintBasis material_basis(const Factor& material);
[[nodiscard]] FootprintBasis energy_basis(const std::string& power, const std::string& grid);
[[nodiscard]] FootprintBasis transport_basis();

}  // namespace nearfab::footprint
