// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/network_report.hpp"

#include "proto/model/limits.hpp"
#include "router/report/concentration.hpp"
#include "router/report/emissions.hpp"
#include "router/report/without_fab.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::router {
namespace {

template <typename Map>
std::uint32_t count_of(const Map& map) {
    return static_cast<std::uint32_t>(map.size());
}

ShareReport shares_of(const WorkSums& sums, const FaceOf& face_of) {
    ShareReport report;
    report.fabs = count_of(sums.fabs);
    std::vector<std::uint64_t> pieces;
    std::vector<std::uint64_t> seconds;
    std::vector<std::pair<FabId, FabSum>> fabs{sums.fabs.begin(), sums.fabs.end()};
    for (const auto& [id, sum] : fabs) {
        pieces.push_back(sum.pieces);
        seconds.push_back(static_cast<std::uint64_t>(sum.machine_s));
    }
    report.hhi_pieces = herfindahl_hirschman(pieces);
    report.hhi_machine_time = herfindahl_hirschman(seconds);
    std::stable_sort(fabs.begin(), fabs.end(), [](const auto& a, const auto& b) {
        return std::tie(a.second.pieces, a.second.machine_s) >
               std::tie(b.second.pieces, b.second.machine_s);
    });
    for (const auto& [id, sum] : fabs) {
        if (report.rows.size() == limits::report_fabs_max) {
            report.rest_pieces += sum.pieces;
            report.rest_machine_s =
                std::min(report.rest_machine_s + sum.machine_s, limits::report_figure_max);
            continue;
        }
        FabFace face = face_of(id);
        report.rows.push_back({id,
                               std::move(face.title),
                               std::move(face.owner),
                               face.there,
                               sum.pieces,
                               sum.machine_s});
    }
    return report;
}

// Those that did something and those that could now.
std::vector<ProcessUse> processes_of(const WorkSums& sums, const CapabilityCensus& census) {
    std::map<ProcessId, ProcessUse> uses;
    for (const auto& [kind, sum] : sums.kinds) {
        ProcessUse& use = uses[kind.process];
        use.pieces += sum.pieces;
        use.machine_s = std::min(use.machine_s + sum.machine_s, limits::report_figure_max);
    }
    for (const auto& [id, process] : census.processes()) {
        if (process.fabs == 0) continue;
        ProcessUse& use = uses[id];
        use.fabs_there = process.fabs;
        use.owners_there = count_of(process.owners);
        use.machines_there = process.machines;
    }
    std::vector<ProcessUse> rows;
    for (auto& [id, use] : uses) {
        use.process = id;
        rows.push_back(std::move(use));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const ProcessUse& a, const ProcessUse& b) {
        return std::tie(a.pieces, a.machines_there) > std::tie(b.pieces, b.machines_there);
    });
    if (rows.size() > limits::report_rows_max) rows.resize(limits::report_rows_max);
    return rows;
}

CapabilityReport capabilities_of(const WorkSums& sums, const CapabilityCensus& census) {
    CapabilityReport report;
    report.fabs_known = static_cast<std::uint32_t>(census.fabs_known());
    report.fabs_there = static_cast<std::uint32_t>(census.fabs_there());
    report.owners_there = static_cast<std::uint32_t>(census.owners_there());
    report.machines_there = census.machines_there();
    for (const auto& [kind, capability] : census.capabilities()) {
        if (capability.there.empty()) continue;
        ++report.all;
        auto row = census.hanging(kind);
        if (!row) continue;
        report.single_fab += row->hangs_on == HangsOn::fab ? 1U : 0U;
        report.single_owner += row->hangs_on == HangsOn::size ? 0U : 1U;
        report.single_size += row->hangs_on == HangsOn::size ? 1U : 0U;
        if (const auto sum = sums.kinds.find(kind); sum != sums.kinds.end()) {
            row->pieces = sum->second.pieces;
        }
        report.rows.push_back(std::move(*row));
    }
    // What a whole network would miss comes before what it would miss large, used before unused.
    std::stable_sort(report.rows.begin(), report.rows.end(), [](const auto& a, const auto& b) {
        return std::make_tuple(a.hangs_on == HangsOn::size, b.pieces) <
               std::make_tuple(b.hangs_on == HangsOn::size, a.pieces);
    });
    if (report.rows.size() > limits::report_rows_max) {
        report.left_out = static_cast<std::uint32_t>(report.rows.size() - limits::report_rows_max);
        report.rows.resize(limits::report_rows_max);
    }
    return report;
}

std::optional<WithoutFab> without_largest(const WorkSums& sums,
                                          const CapabilityCensus& census,
                                          const FaceOf& face_of) {
    WithoutFab without;
    without.fab = largest_fab(sums, census);
    if (without.fab.empty()) return std::nullopt;
    without.title = face_of(without.fab).title;
    without.by_machines = sums.fabs.empty();
    if (const auto sum = sums.fabs.find(without.fab); sum != sums.fabs.end()) {
        without.pieces = sum->second.pieces;
        without.machine_s = sum->second.machine_s;
    }
    add_lost_capabilities(without, census);
    return without;
}

}  // namespace

ReportOfNetwork report_on(const WorkSums& sums,
                          const CapabilityCensus& census,
                          const FaceOf& face_of) {
    ReportOfNetwork report;
    report.pieces = sums.pieces;
    report.timed = sums.timed;
    report.machine_s = sums.machine_s;
    report.weighed = sums.weighed;
    report.mass_g = static_cast<double>(sums.mass_mg) / 1000;
    std::uint64_t known = 0;
    for (const auto& [step, pieces] : sums.distances)
        known += pieces;
    report.distance = distance_report(sums.distances, sums.pieces - std::min(sums.pieces, known));
    report.shares = shares_of(sums, face_of);
    report.processes = processes_of(sums, census);
    report.capabilities = capabilities_of(sums, census);
    report.without_largest = without_largest(sums, census, face_of);
    report.emissions = emission_report(sums);
    return report;
}

}  // namespace nearfab::router
