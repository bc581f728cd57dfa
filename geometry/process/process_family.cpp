// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/process_family.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nearfab::geometry {

namespace {

constexpr std::array<std::pair<std::string_view, ProcessFamily>, 12> families{{
    {"fdm", ProcessFamily::printing},
    {"sla", ProcessFamily::printing},
    {"sls", ProcessFamily::printing},
    {"pbf_metal", ProcessFamily::printing},
    {"binder_jet", ProcessFamily::printing},
    {"material_jet", ProcessFamily::printing},
    {"cnc_mill", ProcessFamily::milling},
    {"laser_cut", ProcessFamily::sheet_cutting},
    {"laser_engrave", ProcessFamily::sheet_cutting},
    {"plasma_cut", ProcessFamily::sheet_cutting},
    {"waterjet", ProcessFamily::sheet_cutting},
    {"vinyl_cut", ProcessFamily::sheet_cutting},
}};

}  // namespace

std::vector<std::string> process_names() {
    std::vector<std::string> names;
    for (const auto& [name, family] : families)
        names.emplace_back(name);
    return names;
}

std::optional<ProcessFamily> family_of(std::string_view process) {
    const auto found = std::find_if(
        families.begin(), families.end(), [&](const auto& f) { return f.first == process; });
    if (found == families.end()) return std::nullopt;
    return found->second;
}

}  // namespace nearfab::geometry
