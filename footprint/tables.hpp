// SPDX-License-Identifier: GPL-3.0-or-later
// tables.hpp - factors of CO2e with their ranges and sources: the tables of data/.
//
// The tables are part of the program (data/README.md says what they are); they are read when one is
// asked for the first time. Any thread.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nearfab::footprint {

struct Range {
    double low = 0;
    double typical = 0;
    double high = 0;
    friend bool operator==(const Range&, const Range&) = default;
};

struct Factor {
    std::string id;
    std::string name;  // For people.
    Range value;       // low <= typical <= high; all the same where the table has one number.
    std::string source;
    std::string confidence;  // "read", "recalled", ...: data/README.md.
    std::string year;        // Empty where the table has none.
};

// kg CO2e per kg of material. By the ids of proto/model/material.hpp.
[[nodiscard]] const Factor* material_factor(std::string_view id);

// g CO2e per kWh of electricity. By ISO 3166 alpha-3 code or the country's English name, in any
// case.
[[nodiscard]] const Factor* grid_factor(std::string_view country);
// The code that was probably meant.
[[nodiscard]] std::optional<std::string> grid_like(std::string_view country);

// Watts while making.
[[nodiscard]] const Factor* machine_power(std::string_view id);
[[nodiscard]] std::optional<std::string> machine_like(std::string_view id);
[[nodiscard]] std::string known_machine_ids();

// kg CO2e per tonne and km, well to wheel, which is g per kg and km.
[[nodiscard]] const Factor* freight_factor(std::string_view id);
// How much longer roads are than the great circle.
[[nodiscard]] const Factor* circuity(std::string_view region);

// For tests: every row of a table.
[[nodiscard]] std::span<const Factor> all_material_factors();
[[nodiscard]] std::span<const Factor> all_grid_factors();
[[nodiscard]] std::span<const Factor> all_machine_powers();

}  // namespace nearfab::footprint
