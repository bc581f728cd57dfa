// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/without_fab.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

template <typename Rows>
std::uint32_t cut(Rows& rows) {
    const std::size_t all = rows.size();
    if (all > limits::report_rows_max) rows.resize(limits::report_rows_max);
    return static_cast<std::uint32_t>(all - rows.size());
}

std::optional<double> median(const DistanceTally& tally) {
    if (tally.empty()) return std::nullopt;
    return percentile_km(tally, 0.5);
}

double side_mm(double mm) {
    return std::min(std::ceil(mm), limits::coordinate_mm_max);
}

using SizeKey = std::tuple<double, double, double>;

}  // namespace

FabId largest_fab(const WorkSums& sums, const CapabilityCensus& census) {
    const auto largest =
        std::max_element(sums.fabs.begin(), sums.fabs.end(), [](const auto& a, const auto& b) {
            return std::tie(a.second.pieces, a.second.machine_s) <
                   std::tie(b.second.pieces, b.second.machine_s);
        });
    return largest == sums.fabs.end() ? census.with_most_machines() : largest->first;
}

void add_lost_capabilities(WithoutFab& to, const CapabilityCensus& census) {
    std::vector<LostCapability> gone;
    std::vector<LostCapability> smaller;
    for (const auto& [kind, capability] : census.capabilities()) {
        const auto row = census.hanging(kind);
        if (!row || row->fab != to.fab) continue;
        auto& rows = row->hangs_on == HangsOn::fab ? gone : smaller;
        rows.push_back({kind.process, kind.material, row->envelope, row->elsewhere});
    }
    to.capabilities_lost = static_cast<std::uint32_t>(gone.size());
    to.capabilities_smaller = static_cast<std::uint32_t>(smaller.size());
    to.capabilities = std::move(gone);
    to.capabilities.insert(to.capabilities.end(), smaller.begin(), smaller.end());
    to.capabilities_left_out = cut(to.capabilities);
}

WaitsFor lacking_without(const MatchReport& nobody_can, const FabId& gone) {
    MatchReport others = nobody_can;
    std::erase_if(others.rejections, [&](const Rejection& r) { return r.fab == gone; });
    // That it should not have been thought away is no answer.
    std::erase_if(others.alternatives,
                  [](const Alternative& a) { return a.requirement == Requirement::not_declined; });
    return lacking(others);
}

std::size_t AskedAgain::add_part(const PartSpec& spec,
                                 const PartFacts& facts,
                                 std::optional<double> elsewhere_km,
                                 WaitsFor lacks) {
    const double thickness = facts.drawing ? spec.sheet_thickness_mm.value_or(0) : facts.size_z_mm;
    parts_.push_back({{spec.process, spec.material},
                      {side_mm(facts.size_x_mm), side_mm(facts.size_y_mm), side_mm(thickness)},
                      elsewhere_km,
                      lacks});
    return parts_.size() - 1;
}

void AskedAgain::add_piece(std::size_t part, std::optional<double> now_km) {
    Asked& asked = parts_.at(part);
    ++asked.pieces;
    if (!asked.elsewhere_km || !now_km) return;
    ++now_[distance_step(*now_km)];
    ++elsewhere_[distance_step(*asked.elsewhere_km)];
}

void AskedAgain::tell(WithoutFab& to) const {
    std::map<std::tuple<WorkKind, SizeKey, WaitsFor>, std::uint64_t> lost;
    for (const Asked& part : parts_) {
        to.asked_pieces += part.pieces;
        ++to.asked_parts;
        if (part.elsewhere_km) {
            to.elsewhere_pieces += part.pieces;
            continue;
        }
        to.nobody_pieces += part.pieces;
        ++to.nobody_parts;
        const SizeKey size{part.size.x_mm, part.size.y_mm, part.size.z_mm};
        lost[{part.kind, size, part.lacks}] += part.pieces;
    }
    to.median_km_now = median(now_);
    to.median_km_elsewhere = median(elsewhere_);
    for (const auto& [key, pieces] : lost) {
        const auto& [kind, size, lacks] = key;
        const auto& [x_mm, y_mm, z_mm] = size;
        to.rows.push_back({kind.process, kind.material, {x_mm, y_mm, z_mm}, pieces, lacks});
    }
    std::stable_sort(to.rows.begin(), to.rows.end(), [](const LostWork& a, const LostWork& b) {
        return a.pieces > b.pieces;
    });
    to.rows_left_out = cut(to.rows);
}

}  // namespace nearfab::router
