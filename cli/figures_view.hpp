// SPDX-License-Identifier: GPL-3.0-or-later
// figures_view.hpp - prices and footprints for people.

#pragma once

#include "proto/model/footprint.hpp"
#include "proto/model/match.hpp"
#include "proto/model/money.hpp"
#include "proto/model/plan.hpp"
#include "terminal/screen.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::cli {

// Of CO2e: "12 mg", "4.5 g", "1.25 kg"; and "4.5 g to 9.0 g".
[[nodiscard]] std::string grams_text(std::int64_t mg);
[[nodiscard]] std::string span_text(const CarbonRange& range);

// "4.15 EUR"; "-" when it is not known.
[[nodiscard]] std::string price_text(const std::optional<Money>& price);

// "310 g"; "> 282 g" when a share is not known; "-" when nothing is.
[[nodiscard]] std::string carbon_text(const std::optional<Footprint>& footprint);

// Where the candidate's CO2e comes from, share by share with its range and source; empty when the
// router tells no footprint.
[[nodiscard]] std::string footprint_text(const Candidate& candidate,
                                         const std::vector<FootprintBasis>& bases,
                                         const Screen& screen);

// "In all: 42.10 EUR and 12.00 CHF, 3 pieces without a price; CO2e 1.20 kg (0.80 kg to 1.90 kg)."
// Empty when nothing of it is known.
[[nodiscard]] std::string totals_text(const JobPlan& plan);

}  // namespace nearfab::cli
