// SPDX-License-Identifier: GPL-3.0-or-later
// work_sums.hpp - what a report has to know of pieces that were handed over, summed up.
//
// Sums are whole numbers and do not depend on the order in which pieces are added, so a replay, a
// snapshot and a router that never stopped have the same.
//
// A sum also keeps a small even sample of its pieces: those whose names hash lowest. Samples of
// several sums make an even sample of all (WorkLog), and nobody has to keep every piece for that.

#pragma once

#include "base/id.hpp"
#include "proto/model/footprint.hpp"
#include "router/report/distance_steps.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace nearfab::router {

// One piece, as it was estimated when its fab was asked. What is not known is none.
struct DeliveredPiece {
    WorkOrderId work_order;
    FabId fab;
    ProcessId process;
    MaterialId material;
    std::optional<double> distance_km;
    std::optional<std::int64_t> making_s;
    std::optional<double> mass_g;
    Footprint footprint;
    std::string energy_confidence;  // Of a few known words (emissions.hpp); empty: not known.
};

struct WorkKind {
    ProcessId process;
    MaterialId material;
    friend auto operator<=>(const WorkKind&, const WorkKind&) = default;
};

struct FabSum {
    std::uint64_t pieces = 0;
    std::int64_t machine_s = 0;
    friend bool operator==(const FabSum&, const FabSum&) = default;
};

struct KindSum {
    std::uint64_t pieces = 0;
    std::int64_t machine_s = 0;
    std::uint64_t with_material_figure = 0;
    friend bool operator==(const KindSum&, const KindSum&) = default;
};

struct CarbonSum {
    std::uint64_t pieces = 0;  // With a figure.
    CarbonRange sum;           // At most limits::carbon_mg_max.
    friend bool operator==(const CarbonSum&, const CarbonSum&) = default;
};

struct SampledPiece {
    std::uint64_t draw = 0;  // Hash of the name.
    WorkOrderId work_order;
    FabId fab;
    friend auto operator<=>(const SampledPiece&, const SampledPiece&) = default;
};
inline constexpr std::size_t sample_max = 128;  // Of one sum.

struct WorkSums {
    std::uint64_t pieces = 0;
    std::uint64_t timed = 0;  // Of known machine time.
    std::int64_t machine_s = 0;
    std::uint64_t weighed = 0;  // Of known mass.
    std::int64_t mass_mg = 0;
    DistanceTally distances;
    std::map<FabId, FabSum> fabs;
    std::map<WorkKind, KindSum> kinds;
    CarbonSum material;
    CarbonSum energy;
    CarbonSum transport;
    CarbonSum complete;  // Of pieces with all three figures.
    std::map<std::string, std::uint64_t> energy_confidence;
    std::set<SampledPiece> sample;

    void add(const DeliveredPiece& piece);
    // All but the sample.
    void add_sums(const WorkSums& other);
    // What has to be looked at to add it to another.
    [[nodiscard]] std::size_t entries() const;
    friend bool operator==(const WorkSums&, const WorkSums&) = default;
};

// The same on every machine and in every version.
[[nodiscard]] std::uint64_t draw_of(const WorkOrderId& work_order);

}  // namespace nearfab::router
