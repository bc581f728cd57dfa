// SPDX-License-Identifier: GPL-3.0-or-later
// machine_classes.hpp - what kinds of machines there are in the made-up world, and how many.
//
// Envelopes are those of machines that are sold in numbers; the shares are guesses, chosen so that
// the query classes (queries.hpp) find about as many machines as their names promise.

#pragma once

#include "bench/matching/world.hpp"
#include <cstdint>
#include <span>
#include <string_view>

namespace nearfab::bench {

struct Weighted {
    std::string_view name;
    std::uint32_t weight;
};

struct MachineClass {
    std::array<float, 3> envelope_mm;  // Ascending.
    std::uint32_t weight;
};

// One process: its share of all machines and what its machines are like.
struct ProcessMix {
    std::string_view name;
    std::uint32_t share_ppm;
    std::span<const MachineClass> classes;
    std::span<const Weighted> materials;     // One loaded for sure, others by chance.
    std::uint32_t one_more_ppm;              // The chance of a further material, again and again.
    std::string_view rare_material;          // Only on some machines; none if empty.
    std::uint32_t rare_ppm;                  // How many of this process have it.
    std::span<const float> tolerances_mm;    // Each as likely as the others.
    std::span<const float> min_features_mm;  // Each as likely as the others.
};

[[nodiscard]] std::span<const ProcessMix> process_mixes();

// The 31 materials, in the order of their bits.
[[nodiscard]] std::span<const std::string_view> material_names();

}  // namespace nearfab::bench
