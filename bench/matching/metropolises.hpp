// SPDX-License-Identifier: GPL-3.0-or-later
// metropolises.hpp - eighty large cities: where, and how many people, both rounded.

#pragma once

#include <cstdint>
#include <span>

namespace nearfab::bench {

struct Metropolis {
    const char* name;
    double latitude_deg;
    double longitude_deg;
    std::uint32_t people_100k;  // Hundred thousands in the agglomeration.
};

[[nodiscard]] std::span<const Metropolis> metropolises();

}  // namespace nearfab::bench
