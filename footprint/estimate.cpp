// SPDX-License-Identifier: GPL-3.0-or-later

#include "footprint/estimate.hpp"

#include "base/check.hpp"
#include "proto/model/limits.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::footprint {
namespace {

constexpr const char* lorry = "truck_avg";
constexpr const char* van = "van_avg";
constexpr const char* petrol_van = "fr_van_petrol";
constexpr const char* usual_roads = "default";
constexpr const char* winding_roads = "urban_short";

const Factor& known(const Factor* factor) {
    NEARFAB_CHECK(factor != nullptr, "a row that the estimates rest on is missing in data/");
    return *factor;
}

// Grams per kg and km of great circle.
const Range& way_factors() {
    static const Range factors = [] {
        const double roads = known(circuity(usual_roads)).value.typical;
        const double detours = known(circuity(winding_roads)).value.typical;
        return Range{known(freight_factor(lorry)).value.typical * roads,
                     known(freight_factor(van)).value.typical * roads,
                     known(freight_factor(petrol_van)).value.typical * detours};
    }();
    return factors;
}

Range scaled(const Range& range, double by) {
    return {range.low * by, range.typical * by, range.high * by};
}

std::string row_text(const std::string& file, const Factor& factor) {
    return "data/" + file + " " + factor.id + ": " + factor.source;
}

// A basis from a table ends with its confidence: "fdm_open_220 (read)".
std::string confidence_of(const std::string& basis) {
    const auto open = basis.rfind('(');
    if (open == std::string::npos || !basis.ends_with(')')) return "stated";
    return basis.substr(open + 1, basis.size() - open - 2);
}

}  // namespace

Range material_g(double mass_g, const Factor& material) {
    return scaled(material.value, mass_g);
}

Range energy_g(const Range& power_w, double hours, double time_error, double grid_gco2e_per_kwh) {
    const Range per_hour = scaled(power_w, grid_gco2e_per_kwh / 1000);
    return {per_hour.low * hours / (1 + time_error),
            per_hour.typical * hours,
            per_hour.high * hours * (1 + time_error)};
}

Range transport_g(double mass_g, double great_circle_km) {
    return scaled(way_factors(), mass_g / 1000 * great_circle_km);
}

double typical_transport_g(double mass_g, double great_circle_km) {
    return way_factors().typical * (mass_g / 1000 * great_circle_km);
}

CarbonRange rounded(const Range& grams) {
    const auto milligrams = [](double g) {
        const double mg = std::min(g * 1000, static_cast<double>(limits::carbon_mg_max));
        return static_cast<std::int64_t>(std::llround(mg));
    };
    return {milligrams(grams.low), milligrams(grams.typical), milligrams(grams.high)};
}

FootprintBasis material_basis(const Factor& material) {
    return {"material",
            {},
            {},
            "mass x kg CO2e per kg of " + material.name +
                "; the mass is that of the part made solid and a tenth more, or of the sheet it is "
                "cut from",
            row_text("materials.csv", material),
            material.confidence};
}

FootprintBasis energy_basis(const std::string& power, const std::string& grid) {
    const auto said = [](const std::string& basis) {
        return basis.empty() ? std::string{"stated by the fab"} : basis;
    };
    const std::string of_power = confidence_of(power);
    const std::string of_grid = confidence_of(grid);
    return {"energy",
            {},
            {},
            "power x estimated making time x g CO2e per kWh of the fab's electricity",
            "power: " + said(power) + "; electricity: " + said(grid),
            of_power == of_grid ? of_power : of_power + ", " + of_grid};
}

FootprintBasis transport_basis() {
    return {"transport",
            {},
            {},
            "mass x distance x 1.3 x average van; low: average lorry; high: petrol van and "
            "detours of 1.4; a car that drives for it alone emits far more",
            row_text("freight_factors.csv", known(freight_factor(van))) + "; " +
                row_text("circuity.csv", known(circuity(usual_roads))),
            known(freight_factor(van)).confidence + ", " + known(circuity(usual_roads)).confidence};
}

}  // namespace nearfab::footprint
