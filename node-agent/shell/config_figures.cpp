// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/config_figures.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/money.hpp"

#include "footprint/tables.hpp"
#include <utility>

namespace nearfab::agent {
namespace {

std::int64_t rate(ConfigTable& table, std::string_view key, std::int64_t by_default) {
    return table.whole(key, 0, limits::rate_max, by_default);
}

std::string currency_in(ConfigTable& rates, const std::optional<Rates>& of_fab) {
    const std::optional<std::string> by_default =
        of_fab ? std::optional{of_fab->currency} : std::nullopt;
    const std::string typed = rates.text("currency", by_default);
    if (typed.empty()) return {};
    auto currency = parse_currency(typed);
    if (currency) return *currency;
    rates.complain("currency", currency.error().message, currency.error().next);
    return {};
}

// `of_fab` are the defaults.
Rates rates_in(ConfigTable rates, const std::optional<Rates>& of_fab) {
    const Rates usual = of_fab.value_or(Rates{});
    return {currency_in(rates, of_fab),
            rate(rates, "setup", usual.setup),
            rate(rates, "per_hour", usual.per_hour),
            rate(rates, "per_kg", usual.per_kg)};
}

std::string from_table(const std::string& row, const footprint::Factor& factor) {
    return row + (factor.year.empty() ? "" : " " + factor.year) + " (" + factor.confidence + ")";
}

void take_country(ConfigTable& energy, FabFigures& to) {
    const std::string country = energy.text("country");
    if (country.empty()) return;
    if (const auto* grid = footprint::grid_factor(country)) {
        to.grid_gco2e_per_kwh = grid->value.typical;
        to.grid_basis = from_table(grid->id, *grid);
        return;
    }
    const auto meant = footprint::grid_like(country);
    energy.complain("country",
                    "no electricity is known for the country \"" + country + "\"" +
                        (meant ? "; did you mean \"" + *meant + "\"?" : ""),
                    "use a code of three letters like \"FRA\" (data/grid_intensity.csv), or write "
                    "grid_gco2e_per_kwh = NUMBER");
}

// False: nothing is said of it.
bool take_power(ConfigTable& machine, Energy& to) {
    // Both are asked for in any case, so that a slip of the finger finds what was meant.
    const double watts = machine.number("power_w", 0, limits::power_w_max, 0);
    const std::string like = machine.text("power_like", std::string{});
    if (machine.has("power_w") && machine.has("power_like")) {
        machine.complain("power_like",
                         "power_w and power_like are both given",
                         "keep power_w if it was measured");
    }
    if (machine.has("power_w")) {
        to.power_w = watts;
        to.power_basis = "stated by the fab";
        return true;
    }
    if (like.empty()) return false;
    if (const auto* power = footprint::machine_power(like)) {
        to.power_w = power->value.typical;
        to.power_low_w = power->value.low;
        to.power_high_w = power->value.high;
        to.power_basis = from_table(power->id, *power);
        return true;
    }
    const auto meant = footprint::machine_like(like);
    machine.complain(
        "power_like",
        "no kind of machine is called \"" + like + "\"" +
            (meant ? "; did you mean \"" + *meant + "\"?" : ""),
        "use one of " + footprint::known_machine_ids() + ", or write power_w = NUMBER");
    return false;
}

}  // namespace

FabFigures read_fab_figures(ConfigTable& root) {
    FabFigures figures;
    if (root.has("rates")) figures.rates = rates_in(root.table("rates"), std::nullopt);
    if (!root.has("energy")) return figures;
    ConfigTable energy = root.table("energy");
    if (!energy.has("grid_gco2e_per_kwh")) {
        take_country(energy, figures);
        return figures;
    }
    if (energy.has("country")) {
        (void)energy.text("country");
        energy.complain("country",
                        "country and grid_gco2e_per_kwh are both given",
                        "keep grid_gco2e_per_kwh if your electricity is not the country's");
    }
    figures.grid_gco2e_per_kwh = energy.number("grid_gco2e_per_kwh", 0, limits::grid_gco2e_max);
    figures.grid_basis = "stated by the fab";
    return figures;
}

void read_machine_figures(ConfigTable& machine,
                          const FabFigures& fab,
                          std::vector<MaterialRate> material_rates,
                          Capability& to) {
    to.rates = fab.rates;
    if (machine.has("rates")) to.rates = rates_in(machine.table("rates"), fab.rates);
    if (to.rates) {
        to.rates->materials = std::move(material_rates);
    } else if (!material_rates.empty()) {
        machine.complain("materials",
                         "a material has a price, but nobody says in which currency",
                         "add a table [rates] with currency = \"EUR\"");
    }
    Energy energy;
    if (!take_power(machine, energy)) return;
    if (!fab.grid_gco2e_per_kwh) {
        machine.complain(machine.has("power_w") ? "power_w" : "power_like",
                         "the machine has a power, but nobody says what its electricity emits",
                         "add a table [energy] with country = \"FRA\" or grid_gco2e_per_kwh");
        return;
    }
    energy.grid_gco2e_per_kwh = *fab.grid_gco2e_per_kwh;
    energy.grid_basis = fab.grid_basis;
    to.energy = std::move(energy);
}

std::optional<MaterialRate> read_material_rate(ConfigTable& entry, const MaterialId& material) {
    if (!entry.has("per_kg")) return std::nullopt;
    return MaterialRate{material, rate(entry, "per_kg", 0)};
}

}  // namespace nearfab::agent
