// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/work_sums.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::router {
namespace {

// A sum that is not there yet or too large stays at the largest that is told; so the order in which
// it was added up does not matter.
void add_capped(std::int64_t& sum, std::int64_t more, std::int64_t most) {
    sum = more >= most - sum ? most : sum + more;
}

void add_range(CarbonRange& sum, const CarbonRange& more) {
    add_capped(sum.low_mg, more.low_mg, limits::carbon_mg_max);
    add_capped(sum.typical_mg, more.typical_mg, limits::carbon_mg_max);
    add_capped(sum.high_mg, more.high_mg, limits::carbon_mg_max);
}

void add_sum(CarbonSum& sum, const CarbonSum& more) {
    sum.pieces += more.pieces;
    add_range(sum.sum, more.sum);
}

void add_figure(CarbonSum& sum, const std::optional<CarbonRange>& figure) {
    if (figure) add_sum(sum, {1, *figure});
}

void add_time(std::int64_t& sum, std::int64_t more) {
    add_capped(sum, std::max<std::int64_t>(more, 0), limits::report_figure_max);
}

}  // namespace

std::uint64_t draw_of(const WorkOrderId& work_order) {
    // FNV-1a, and the last step of MurmurHash3 (A. Appleby), because names differ at their ends.
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : work_order.text()) {
        hash ^= static_cast<std::uint8_t>(c);
        hash *= 0x100000001b3U;
    }
    hash ^= hash >> 33U;
    hash *= 0xff51afd7ed558ccdU;
    hash ^= hash >> 33U;
    hash *= 0xc4ceb9fe1a85ec53U;
    return hash ^ (hash >> 33U);
}

void WorkSums::add(const DeliveredPiece& piece) {
    ++pieces;
    FabSum& fab = fabs[piece.fab];
    KindSum& kind = kinds[{piece.process, piece.material}];
    ++fab.pieces;
    ++kind.pieces;
    if (piece.making_s) {
        ++timed;
        add_time(machine_s, *piece.making_s);
        add_time(fab.machine_s, *piece.making_s);
        add_time(kind.machine_s, *piece.making_s);
    }
    if (piece.mass_g) {
        ++weighed;
        const double mg = std::clamp(*piece.mass_g, 0.0, limits::mass_g_max) * 1000;
        add_capped(mass_mg, std::llround(mg), limits::carbon_mg_max);
    }
    if (piece.distance_km) ++distances[distance_step(*piece.distance_km)];
    if (piece.footprint.material) ++kind.with_material_figure;
    add_figure(material, piece.footprint.material);
    add_figure(energy, piece.footprint.energy);
    add_figure(transport, piece.footprint.transport);
    if (is_complete(piece.footprint)) add_figure(complete, sum_of(piece.footprint));
    if (piece.footprint.energy) ++energy_confidence[piece.energy_confidence];
    const std::uint64_t draw = draw_of(piece.work_order);
    if (sample.size() >= sample_max && draw > sample.rbegin()->draw) return;  // Most of them.
    sample.insert({draw, piece.work_order, piece.fab});
    if (sample.size() > sample_max) sample.erase(std::prev(sample.end()));
}

void WorkSums::add_sums(const WorkSums& other) {
    pieces += other.pieces;
    timed += other.timed;
    add_time(machine_s, other.machine_s);
    weighed += other.weighed;
    add_capped(mass_mg, other.mass_mg, limits::carbon_mg_max);
    for (const auto& [step, count] : other.distances)
        distances[step] += count;
    for (const auto& [id, sum] : other.fabs) {
        FabSum& fab = fabs[id];
        fab.pieces += sum.pieces;
        add_time(fab.machine_s, sum.machine_s);
    }
    for (const auto& [id, sum] : other.kinds) {
        KindSum& kind = kinds[id];
        kind.pieces += sum.pieces;
        add_time(kind.machine_s, sum.machine_s);
        kind.with_material_figure += sum.with_material_figure;
    }
    add_sum(material, other.material);
    add_sum(energy, other.energy);
    add_sum(transport, other.transport);
    add_sum(complete, other.complete);
    for (const auto& [word, count] : other.energy_confidence)
        energy_confidence[word] += count;
}

std::size_t WorkSums::entries() const {
    return distances.size() + fabs.size() + kinds.size() + energy_confidence.size() + sample.size();
}

}  // namespace nearfab::router
