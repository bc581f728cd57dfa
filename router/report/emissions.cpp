// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/emissions.hpp"

#include "proto/model/limits.hpp"

#include "footprint/estimate.hpp"
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace nearfab::router {
namespace {

constexpr const char* not_known = "not known";

// data/README.md.
constexpr std::array<std::string_view, 8> words{"read",
                                                "read-secondary",
                                                "read-proxy",
                                                "read-derived",
                                                "recalled",
                                                "estimate",
                                                "convention",
                                                "stated"};

std::string_view known_word(std::string_view word) {
    return std::find(words.begin(), words.end(), word) == words.end() ? "stated" : word;
}

using Counts = std::map<std::string, std::uint64_t>;

std::vector<ConfidenceCount> rows_of(const Counts& counts) {
    std::vector<ConfidenceCount> rows;
    for (const auto& [word, pieces] : counts)
        if (pieces > 0) rows.push_back({word.empty() ? not_known : word, pieces});
    std::stable_sort(
        rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.pieces > b.pieces; });
    if (rows.size() > limits::report_rows_max) rows.resize(limits::report_rows_max);
    return rows;
}

Counts of_materials(const WorkSums& sums) {
    Counts counts;
    for (const auto& [kind, sum] : sums.kinds) {
        const auto* factor = footprint::material_factor(kind.material.text());
        // A factor that an older version had.
        counts[factor == nullptr ? std::string{} : factor->confidence] += sum.with_material_figure;
    }
    return counts;
}

EmissionShare share_of(const CarbonSum& sum, std::string method, const Counts& confidence) {
    return {sum.pieces, sum.sum, std::move(method), rows_of(confidence)};
}

}  // namespace

std::string energy_confidence(const Energy& energy) {
    const std::string said =
        footprint::energy_basis(energy.power_basis, energy.grid_basis).confidence;
    const auto comma = said.find(", ");
    const std::string_view first = known_word(std::string_view{said}.substr(0, comma));
    if (comma == std::string::npos) return std::string{first};
    const std::string_view second = known_word(std::string_view{said}.substr(comma + 2));
    return first == second ? std::string{first} : std::string{first} + ", " + std::string{second};
}

EmissionReport emission_report(const WorkSums& sums) {
    const FootprintBasis transport = footprint::transport_basis();
    EmissionReport report;
    report.material = share_of(sums.material,
                               "mass x kg CO2e per kg of the material (data/materials.csv); the "
                               "mass is that of the part made solid and a tenth more, or of the "
                               "sheet it is cut from",
                               of_materials(sums));
    report.energy =
        share_of(sums.energy, footprint::energy_basis({}, {}).method, sums.energy_confidence);
    report.transport =
        share_of(sums.transport, transport.method, {{transport.confidence, sums.transport.pieces}});
    report.complete = sums.complete.pieces;
    report.complete_sum = sums.complete.sum;
    return report;
}

}  // namespace nearfab::router
