// SPDX-License-Identifier: GPL-3.0-or-later
// region_sum.hpp - the best of many machines as the values of a digest, each rounded to the side of
// promising more.
//
// Rounding is coarse where a figure changes from hour to hour or would tell of a single machine:
// waits to 10 minutes, stocks and counts to 1, 2, 5, 10 ..., prices to two digits. So a digest
// need not be sent anew at every print.

#pragma once

#include "proto/model/capability.hpp"
#include "proto/model/region.hpp"

#include <cstdint>

namespace nearfab::router {

// Upwards to 1, 2, 5, 10, 20, 50, ...; 0 stays 0.
[[nodiscard]] std::uint64_t round_number_up(std::uint64_t value);
// The same for counts of machines and fabs, from 5 on: one cannot be told from a few.
[[nodiscard]] std::uint64_t rounded_count(std::uint64_t count);

// Grams that one machine has free.
[[nodiscard]] std::uint64_t region_stock_g(double free_g);
[[nodiscard]] std::uint32_t region_wait_s(std::int64_t wait_s);

// What the machine can do as far as it does not change from hour to hour.
[[nodiscard]] RegionKind region_kind(const Capability& machine);
// Adds what this machine asks and emits; a machine that does not say is passed over.
void add_figures(RegionOffer& offer, const Capability& machine);

// The best of both. Counts are added.
void include(RegionOffer& whole, const RegionOffer& part);
void include(RegionCell& whole, const RegionCell& part);

// The kind that is all of them at once.
void include(RegionKind& whole, const RegionKind& part);
// Can the first do everything that the second can?
[[nodiscard]] bool covers(const RegionKind& a, const RegionKind& b);

// No more bytes than this in the encoding of proto/codec (a test compares).
[[nodiscard]] std::size_t region_bytes(const RegionCell& cell);
// The same of the digest, its message and envelope included.
[[nodiscard]] std::size_t region_bytes(const RegionDigest& digest);

}  // namespace nearfab::router
