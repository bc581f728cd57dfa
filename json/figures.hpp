// SPDX-License-Identifier: GPL-3.0-or-later
// figures.hpp - prices, footprints, rates and alternatives as JSON.

#pragma once

#include "json/shapes.hpp"
#include "proto/model/capability.hpp"
#include "proto/model/match.hpp"

#include <optional>
#include <vector>

namespace nearfab::json {

// Null when it is not known.
[[nodiscard]] Json price_json(const std::optional<Money>& price);
[[nodiscard]] Json carbon_json(const std::optional<CarbonRange>& range);
[[nodiscard]] Json footprint_json(const std::optional<Footprint>& footprint);
[[nodiscard]] Json rates_json(const std::optional<Rates>& rates);
[[nodiscard]] Json energy_json(const std::optional<Energy>& energy);

[[nodiscard]] Json alternatives_json(const std::vector<Alternative>& alternatives);
[[nodiscard]] Json bases_json(const std::vector<FootprintBasis>& bases);

}  // namespace nearfab::json
