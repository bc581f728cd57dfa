// SPDX-License-Identifier: GPL-3.0-or-later
// config_figures.hpp - what a fab asks, and the power it takes, from its configuration.
//
//     [rates]                       # of all its machines, in the smallest unit (cents)
//     currency = "EUR"
//     setup = 150                   # for each piece
//     per_hour = 120                # of machine time
//     per_kg = 3000                 # of material
//     [energy]
//     country = "FRA"               # or grid_gco2e_per_kwh = 56
//
//     [[machine]]
//     rates = {per_hour = 300}      # what is different for this machine
//     materials = [{id = "pla", grams = 800, per_kg = 2500}]
//     power_w = 95                  # or power_like = "fdm_open_220", a row of
//     data/machine_energy.csv

#pragma once

#include "host/config_file.hpp"
#include "proto/model/capability.hpp"

#include <optional>
#include <string>

namespace nearfab::agent {

// What all machines of a fab have in common.
struct FabFigures {
    std::optional<Rates> rates;
    std::optional<double> grid_gco2e_per_kwh;
    std::string grid_basis;
};

[[nodiscard]] FabFigures read_fab_figures(ConfigTable& root);

// Sets the machine's rates and energy; what is neither said of it nor of the fab stays none.
// `material_rates` are those of its materials, in any order.
void read_machine_figures(ConfigTable& machine,
                          const FabFigures& fab,
                          std::vector<MaterialRate> material_rates,
                          Capability& to);

// The price of a material beside its amount, if it has one of its own.
[[nodiscard]] std::optional<MaterialRate> read_material_rate(ConfigTable& entry,
                                                             const MaterialId& material);

}  // namespace nearfab::agent
