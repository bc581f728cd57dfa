// SPDX-License-Identifier: GPL-3.0-or-later
// footprint.hpp - the CO2e of making a thing and bringing it to its use, as shares with ranges.
//
// No figure of this kind is known exactly, so each has a low, a typical and a high value, and each
// share can say by what method and from which source it was found. footprint/estimate.hpp has the
// formulas.

#pragma once

#include "base/id.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nearfab {

// Whole milligrams of CO2e, 0 <= low <= typical <= high <= limits::carbon_mg_max.
struct CarbonRange {
    std::int64_t low_mg = 0;
    std::int64_t typical_mg = 0;
    std::int64_t high_mg = 0;
    friend bool operator==(const CarbonRange&, const CarbonRange&) = default;
};

// A share that is not known is none, never zero.
struct Footprint {
    std::optional<CarbonRange> material;   // Making the material.
    std::optional<CarbonRange> energy;     // The machine's electricity.
    std::optional<CarbonRange> transport;  // Bringing it to the place of use.
    friend bool operator==(const Footprint&, const Footprint&) = default;
};

[[nodiscard]] bool is_complete(const Footprint& footprint);
// Of the shares that are known.
[[nodiscard]] CarbonRange sum_of(const Footprint& footprint);
// So many times as much.
[[nodiscard]] Footprint times(const Footprint& footprint, std::uint32_t pieces);

// Where a share's figures come from.
struct FootprintBasis {
    std::string share;       // "material", "energy", "transport".
    FabId fab;               // Empty: the same for all.
    MachineId machine;       // Empty: the same for all.
    std::string method;      // "mass x factor"
    std::string source;      // "data/materials.csv, petg: ..."
    std::string confidence;  // Of its sources: "read", "stated, estimate"; data/README.md.
    friend bool operator==(const FootprintBasis&, const FootprintBasis&) = default;
};

}  // namespace nearfab
