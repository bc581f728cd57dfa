// SPDX-License-Identifier: GPL-3.0-or-later
// region.hpp - what a network says of itself to other networks: coarse places, and what can be made
// there.
//
// A digest is an upper bound: it may promise too much, never too little. Every value is a whole
// number that was rounded to the side of promising more, so no sum of roundings hides a machine.
// It names no fab, no machine, no submitter and no exact place (router/matching/region).
//
//     materials  pla petg asa ...                    named once, meant by number below
//     terms      [open] [MIT, CC-BY-*] ...           sets of licences that fabs accept
//     processes  fdm: kinds 0..63   sla: kinds ...   how large, how fine, how fast
//     cells      a place, a radius, and for each process:
//                    terms 0 1, prices from, emissions from
//                    pla   kinds 0 3 7, wait from 0 s, stock up to 1000 g
//                    petg  kinds 3,     wait from 600 s, ...

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/place.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

// A reader refuses a format it does not know. A later field may only narrow what is promised, so
// that who does not know the field still never believes too little.
inline constexpr std::uint32_t region_format = 1;

// Machines that are alike: no one of them can do more than this.
struct RegionKind {
    std::uint32_t longer_um = 0;  // Of the envelope's two horizontal sides.
    std::uint32_t shorter_um = 0;
    std::uint32_t height_um = 0;
    std::uint32_t feature_um = 0;  // Nothing finer.
    std::uint32_t tolerance_um = 0;
    std::uint64_t rate_mm3_per_h = 0;  // Nothing faster.
    friend auto operator<=>(const RegionKind&, const RegionKind&) = default;
};

struct RegionProcess {
    ProcessId process;
    std::vector<RegionKind> kinds;  // At most 64, so that a set of them is one word.
    friend bool operator==(const RegionProcess&, const RegionProcess&) = default;
};

// Licences as in FabTerms; none: designs whose licence is left open only.
struct RegionTerms {
    std::vector<std::string> licences;
    friend bool operator==(const RegionTerms&, const RegionTerms&) = default;
};
// Beside the bits of RegionDigest::terms: fabs whose terms are not told; they may accept anything.
inline constexpr std::uint32_t region_terms_any = std::uint32_t{1} << 31;

// No machine asks less, in thousandths of the currency's smallest unit.
struct RegionPrice {
    std::string currency;
    std::uint64_t fixed_milli = 0;    // For a piece.
    std::uint64_t per_cm3_milli = 0;  // Of machine time.
    std::uint64_t per_kg_milli = 0;   // Of material.
    friend bool operator==(const RegionPrice&, const RegionPrice&) = default;
};

// No machine emits less while making.
struct RegionCarbon {
    std::uint64_t fixed_mg = 0;
    std::uint64_t per_cm3_mg = 0;
    friend bool operator==(const RegionCarbon&, const RegionCarbon&) = default;
};

// One material of one process in one cell.
struct RegionStock {
    std::uint32_t material = 0;  // Its place in RegionDigest::materials.
    std::uint64_t kinds = 0;     // A bit per kind of the process that has it.
    std::uint32_t wait_s = 0;    // No machine is free sooner.
    std::uint64_t stock_g = 0;   // No machine has more.
    friend bool operator==(const RegionStock&, const RegionStock&) = default;
};

// One process in one cell.
struct RegionOffer {
    std::uint32_t process = 0;  // Its place in RegionDigest::processes.
    std::uint32_t terms = 0;    // A bit per entry of RegionDigest::terms, and region_terms_any.
    std::vector<RegionPrice> prices;     // By currency, ascending.
    bool other_prices = false;           // Some machines ask in currencies that are not listed.
    std::optional<RegionCarbon> carbon;  // None: no machine states what it emits.
    std::vector<RegionStock> materials;  // By material, ascending.
    friend bool operator==(const RegionOffer&, const RegionOffer&) = default;
};

struct RegionCell {
    Place centre;
    std::uint32_t radius_km = 0;  // On the great circle; every machine of the cell lies within.
    std::uint64_t machines = 0;   // Rounded up, for people.
    std::uint64_t fabs = 0;
    std::vector<RegionOffer> offers;  // By process, ascending.
    friend bool operator==(const RegionCell&, const RegionCell&) = default;
};

// A newer one of the same network replaces it whole.
struct RegionDigest {
    std::uint32_t format = region_format;
    IdentityId network;         // As it calls itself, for people; the connection's key decides.
    WallTime stated;            // For people.
    std::int64_t valid_s = 95;  // Counted by the receiver from arrival.
    std::vector<MaterialId> materials;
    std::vector<RegionTerms> terms;
    std::vector<RegionProcess> processes;
    std::vector<RegionCell> cells;
    friend bool operator==(const RegionDigest&, const RegionDigest&) = default;
};

}  // namespace nearfab
