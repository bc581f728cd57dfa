// SPDX-License-Identifier: GPL-3.0-or-later
// world.hpp - a world of machines to match against, the same on every platform.
//
// Machines lie as people do: around 80 metropolises, weighted by population, 55 % of them within
// some 12 km of the centre, 30 % in 40 satellite towns of each, 15 % strewn some 350 km wide.
// Processes are fdm 76 %, sla 13 %, laser_cut 7 %, cnc_mill 4 %; 31 materials, several loaded per
// machine; work envelopes of usual classes of machines; exponential backlogs, every fifth idle.
//
// Pure: the result depends on the arguments alone.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::bench {

// Bit i is material i of World::materials.
using MaterialSet = std::uint32_t;
inline constexpr std::size_t materials_max = 32;

struct BenchMachine {
    std::uint32_t id = 0;      // Its place in World::machines.
    double latitude_deg = 0;   // WGS 84
    double longitude_deg = 0;  // WGS 84
    std::uint8_t process = 0;  // Its place in World::processes.
    MaterialSet materials = 0;
    std::array<float, 3> envelope_mm{};  // Ascending: the longest side last.
    float min_feature_mm = 0;
    float tolerance_mm = 0;
    std::int32_t backlog_s = 0;
    friend bool operator==(const BenchMachine&, const BenchMachine&) = default;
};

struct World {
    std::vector<std::string> processes;
    std::vector<std::string> materials;
    std::vector<BenchMachine> machines;
    std::vector<std::string> labels;  // One per machine if it came from a file, else none.
    friend bool operator==(const World&, const World&) = default;
};

// What is asked of a machine. Every engine shares one rule of fit: sorted box within sorted
// envelope, which is exact for boxes whose sides stay parallel to the machine's axes.
struct Query {
    double latitude_deg = 0;
    double longitude_deg = 0;
    std::uint8_t process = 0;
    std::uint8_t material = 0;
    std::array<float, 3> box_mm{};   // Ascending.
    float min_feature_mm = 0;        // The machine's must not be larger.
    float tolerance_mm = 0;          // The machine's must not be larger.
    std::int32_t backlog_s_max = 0;  // From the deadline: the machine must be free by then.
    friend bool operator==(const Query&, const Query&) = default;
};

// Everything but the process and the place.
[[nodiscard]] inline bool can_make(const BenchMachine& machine, const Query& query) {
    return ((machine.materials >> query.material) & 1U) != 0 &&
           query.box_mm[0] <= machine.envelope_mm[0] && query.box_mm[1] <= machine.envelope_mm[1] &&
           query.box_mm[2] <= machine.envelope_mm[2] &&
           machine.min_feature_mm <= query.min_feature_mm &&
           machine.tolerance_mm <= query.tolerance_mm && machine.backlog_s <= query.backlog_s_max;
}

// Latitudes stay within 85 degrees, because one of the engines knows no others.
inline constexpr double latitude_deg_max = 85.0;

[[nodiscard]] World make_world(std::size_t machines, std::uint64_t seed);

// Where a name is in a list of names.
[[nodiscard]] std::optional<std::uint8_t> find_name(const std::vector<std::string>& names,
                                                    std::string_view name);

}  // namespace nearfab::bench
