// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/figures.hpp"

namespace nearfab::json {
namespace {

double grams(std::int64_t mg) {
    return static_cast<double>(mg) / 1000;
}

}  // namespace

Json carbon_json(const std::optional<CarbonRange>& range) {
    if (!range) return nullptr;
    return {{"low_g", grams(range->low_mg)},
            {"typical_g", grams(range->typical_mg)},
            {"high_g", grams(range->high_mg)}};
}

Json price_json(const std::optional<Money>& price) {
    if (!price) return nullptr;
    return {{"currency", price->currency},
            {"minor", price->minor},
            {"decimals", decimals_of(price->currency)}};
}

Json footprint_json(const std::optional<Footprint>& footprint) {
    if (!footprint) return nullptr;
    Json out = Json::object();
    out["complete"] = is_complete(*footprint);
    out["sum"] = carbon_json(sum_of(*footprint));
    out["material"] = carbon_json(footprint->material);
    out["energy"] = carbon_json(footprint->energy);
    out["transport"] = carbon_json(footprint->transport);
    return out;
}

Json alternatives_json(const std::vector<Alternative>& alternatives) {
    Json out = list();
    for (const Alternative& alternative : alternatives) {
        out.push_back({{"requirement", to_string(alternative.requirement)},
                       {"needed", alternative.needed},
                       {"offered", alternative.offered},
                       {"fabs", alternative.fabs},
                       {"at_least", alternative.at_least},
                       {"fab", alternative.fab.text()},
                       {"machine", alternative.machine.text()},
                       {"distance_km", alternative.distance_km},
                       {"text", alternative.text}});
    }
    return out;
}

Json bases_json(const std::vector<FootprintBasis>& bases) {
    Json out = list();
    for (const FootprintBasis& basis : bases) {
        out.push_back({{"share", basis.share},
                       {"fab", or_null(basis.fab.text())},
                       {"machine", or_null(basis.machine.text())},
                       {"method", basis.method},
                       {"source", basis.source},
                       {"confidence", basis.confidence}});
    }
    return out;
}

Json rates_json(const std::optional<Rates>& rates) {
    if (!rates) return nullptr;
    Json materials = list();
    for (const MaterialRate& rate : rates->materials)
        materials.push_back({{"material", rate.material.text()}, {"per_kg", rate.per_kg}});
    return {{"currency", rates->currency},
            {"decimals", decimals_of(rates->currency)},
            {"setup", rates->setup},
            {"per_hour", rates->per_hour},
            {"per_kg", rates->per_kg},
            {"materials", std::move(materials)}};
}

Json energy_json(const std::optional<Energy>& energy) {
    if (!energy) return nullptr;
    const bool ranged = energy->power_high_w > 0;
    return {{"power_w", energy->power_w},
            {"power_low_w", ranged ? energy->power_low_w : energy->power_w},
            {"power_high_w", ranged ? energy->power_high_w : energy->power_w},
            {"power_basis", or_null(energy->power_basis)},
            {"grid_gco2e_per_kwh", energy->grid_gco2e_per_kwh},
            {"grid_basis", or_null(energy->grid_basis)}};
}

}  // namespace nearfab::json
