// SPDX-License-Identifier: GPL-3.0-or-later
// capability.hpp - what a fab's machines can do, as its agent advertises it.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/place.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

struct MaterialStock {
    MaterialId material;
    double available_g = 0;
    friend bool operator==(const MaterialStock&, const MaterialStock&) = default;
};

enum class MachineState : std::uint8_t {
    unknown = 0,  // From a newer agent: treated as not available.
    idle = 1,
    working = 2,         // Makes something for nearfab.
    busy_locally = 3,    // The fab uses it for itself; local work goes first.
    awaiting_clear = 4,  // A finished part is still on the bed.
    offline = 5,
    fault = 6,
    drained = 7,  // The operator takes no new work for it.
};
[[nodiscard]] std::string to_string(MachineState state);

// May new work be offered to a machine in this state? (It may have to wait, but it will come up.)
[[nodiscard]] bool takes_offers(MachineState state);

struct MaterialRate {
    MaterialId material;
    std::int64_t per_kg = 0;
    friend bool operator==(const MaterialRate&, const MaterialRate&) = default;
};

// What a fab asks, in the smallest unit of a currency (cents), whole numbers; see money.hpp.
struct Rates {
    std::string currency;
    std::int64_t setup = 0;                 // For each piece.
    std::int64_t per_hour = 0;              // Of machine time.
    std::int64_t per_kg = 0;                // Of material, unless it has its own:
    std::vector<MaterialRate> materials{};  // Each at most once.
    friend bool operator==(const Rates&, const Rates&) = default;
};
[[nodiscard]] std::int64_t per_kg_of(const Rates& rates, const MaterialId& material);

struct Energy {
    double power_w = 0;             // While making, on average.
    double grid_gco2e_per_kwh = 0;  // Of the fab's electricity, over its whole life.
    // What the average may really be; 0 and 0: as stated.
    double power_low_w = 0;
    double power_high_w = 0;
    std::string power_basis{};  // "stated by the fab", "fdm_open_220 (read)".
    std::string grid_basis{};   // "stated by the fab", "FRA 2023 (read)".
    friend bool operator==(const Energy&, const Energy&) = default;
};

// One machine: a promise of what it can do and a statement of what it does now.
struct Capability {
    MachineId machine;
    std::string model;  // For people.
    ProcessId process;
    double envelope_x_mm = 0;
    double envelope_y_mm = 0;
    double envelope_z_mm = 0;
    std::vector<MaterialStock> materials;  // Loaded or at hand.
    double min_feature_mm = 0;
    double tolerance_mm = 0;
    double build_rate_cm3_per_h = 0;  // For estimates before slicing.
    MachineState state = MachineState::unknown;
    std::int64_t backlog_s = 0;    // Work already accepted, seconds.
    bool accepts_by_hand = false;  // A person answers offers: they need minutes, not seconds.
    std::optional<Rates> rates;    // None: the fab does not say.
    std::optional<Energy> energy;  // None: the fab does not say.
    friend bool operator==(const Capability&, const Capability&) = default;
};
// What it says of that material; null when it is not set up for it.
[[nodiscard]] const MaterialStock* stock_of(const Capability& machine, const MaterialId& material);

// The fab's own conditions; hard requirements in the other direction.
struct FabTerms {
    std::vector<std::string> licences{"open"};  // See LicenceExpression::covered_by.
    std::vector<std::string> submitters;        // Identities it works for; empty: anyone.
    friend bool operator==(const FabTerms&, const FabTerms&) = default;
};

// Everything an agent states about its fab; a newer one replaces it whole.
struct Advertisement {
    std::string title;  // "FabLab Lyon", for people.
    Place place;        // As exact as the fab wishes to publish.
    FabTerms terms;
    std::vector<Capability> machines;
    std::int64_t valid_s = 95;  // Counted by the router from arrival.
    std::string owner{};        // Whose the fab is, in its own words; empty: it does not say.
    friend bool operator==(const Advertisement&, const Advertisement&) = default;
};

}  // namespace nearfab
