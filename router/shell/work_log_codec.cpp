// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/work_log_codec.hpp"

#include "proto/model/text.hpp"
#include "router/shell/field_codec.hpp"

#include "shell/ledger.pb.h"
#include <cstdlib>
#include <map>

namespace nearfab::router {
namespace {

void write_carbon(v1::CarbonState& to, const CarbonSum& from) {
    to.set_pieces(from.pieces);
    to.set_low_mg(from.sum.low_mg);
    to.set_typical_mg(from.sum.typical_mg);
    to.set_high_mg(from.sum.high_mg);
}

bool read_carbon(const v1::CarbonState& from, CarbonSum& to) {
    to = {from.pieces(), {from.low_mg(), from.typical_mg(), from.high_mg()}};
    return 0 <= to.sum.low_mg && to.sum.low_mg <= to.sum.typical_mg &&
           to.sum.typical_mg <= to.sum.high_mg && to.sum.high_mg <= limits::carbon_mg_max;
}

constexpr std::int64_t day_max = 10'000'000;  // Far beyond every calendar of ours.

bool is_time(std::int64_t seconds) {
    return 0 <= seconds && seconds <= limits::report_figure_max;
}

Status read_tables(const v1::DayState& from, WorkSums& sums) {
    if (from.distance_steps_size() != from.distance_counts_size()) return unreadable("distances");
    for (int i = 0; i < from.distance_steps_size(); ++i) {
        if (from.distance_steps(i) > distance_step_max) return unreadable("a distance");
        const auto step = static_cast<DistanceStep>(from.distance_steps(i));
        sums.distances[step] = from.distance_counts(i);
    }
    for (const auto& row : from.fabs()) {
        if (!is_time(row.machine_s())) return unreadable("a machine time");
        sums.fabs[FabId{row.fab()}] = {row.pieces(), row.machine_s()};
    }
    for (const auto& row : from.kinds()) {
        if (!is_time(row.machine_s())) return unreadable("a machine time");
        sums.kinds[{ProcessId{row.process()}, MaterialId{row.material()}}] = {
            row.pieces(), row.machine_s(), row.with_material_figure()};
    }
    for (const auto& row : from.energy_confidence())
        sums.energy_confidence[row.word()] = row.pieces();
    for (const auto& row : from.sample()) {
        if (row.fab() >= static_cast<std::uint32_t>(from.fabs_size())) return unreadable("a fab");
        const WorkOrderId id{row.work_order()};
        sums.sample.insert({draw_of(id), id, FabId{from.fabs(static_cast<int>(row.fab())).fab()}});
    }
    return {};
}

}  // namespace

void write_day(v1::DayState& to, DayNumber day, const WorkSums& sums) {
    to.set_day(day);
    to.set_pieces(sums.pieces);
    to.set_timed(sums.timed);
    to.set_machine_s(sums.machine_s);
    to.set_weighed(sums.weighed);
    to.set_mass_mg(sums.mass_mg);
    for (const auto& [step, count] : sums.distances) {
        to.add_distance_steps(step);
        to.add_distance_counts(count);
    }
    std::map<FabId, std::uint32_t> numbers;
    for (const auto& [id, sum] : sums.fabs) {
        numbers.emplace_hint(numbers.end(), id, static_cast<std::uint32_t>(numbers.size()));
        auto& row = *to.add_fabs();
        row.set_fab(id.text());
        row.set_pieces(sum.pieces);
        row.set_machine_s(sum.machine_s);
    }
    for (const auto& [kind, sum] : sums.kinds) {
        auto& row = *to.add_kinds();
        row.set_process(kind.process.text());
        row.set_material(kind.material.text());
        row.set_pieces(sum.pieces);
        row.set_machine_s(sum.machine_s);
        row.set_with_material_figure(sum.with_material_figure);
    }
    write_carbon(*to.mutable_material(), sums.material);
    write_carbon(*to.mutable_energy(), sums.energy);
    write_carbon(*to.mutable_transport(), sums.transport);
    write_carbon(*to.mutable_complete(), sums.complete);
    for (const auto& [word, pieces] : sums.energy_confidence) {
        auto& row = *to.add_energy_confidence();
        row.set_word(clean_text(word));
        row.set_pieces(pieces);
    }
    for (const SampledPiece& piece : sums.sample) {
        auto& row = *to.add_sample();
        row.set_work_order(piece.work_order.text());
        row.set_fab(numbers.at(piece.fab));
    }
}

Result<WorkSums> read_day(const v1::DayState& from) {
    WorkSums sums;
    sums.pieces = from.pieces();
    sums.timed = from.timed();
    sums.machine_s = from.machine_s();
    sums.weighed = from.weighed();
    sums.mass_mg = from.mass_mg();
    const bool fine =
        std::abs(from.day()) < day_max && is_time(sums.machine_s) && 0 <= sums.mass_mg &&
        sums.mass_mg <= limits::carbon_mg_max && read_carbon(from.material(), sums.material) &&
        read_carbon(from.energy(), sums.energy) && read_carbon(from.transport(), sums.transport) &&
        read_carbon(from.complete(), sums.complete);
    if (!fine) return unreadable("a day");
    if (Status read = read_tables(from, sums); !read) return fail(std::move(read.error()));
    return sums;
}

}  // namespace nearfab::router
