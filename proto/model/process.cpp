// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/process.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace nearfab {
namespace {

constexpr std::array<ProcessInfo, 11> processes{{
    {"fdm", "Material extrusion (FDM/FFF)", "MEX", false},
    {"sla", "Vat photopolymerization (SLA/DLP)", "VPP", false},
    {"sls", "Powder bed fusion, polymer (SLS/MJF)", "PBF", false},
    {"pbf_metal", "Powder bed fusion, metal (LPBF/DMLS/SLM)", "PBF", false},
    {"laser_cut", "Laser cutting", "3.4 removal", true},
    {"cnc_mill", "CNC milling", "3.2 machining", true},
    {"cnc_turn", "CNC turning", "3.2 machining", true},
    {"laser_engrave", "Laser engraving", "3.4 removal", true},
    {"plasma_cut", "Plasma cutting", "3.4 removal", true},
    {"waterjet", "Water-jet cutting", "3.4 removal", true},
    {"vinyl_cut", "Knife cutting", "3.1 severing", false},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> aliases{{
    {"fff", "fdm"},
    {"3dp", "fdm"},
    {"3d printing", "fdm"},
    {"mex", "fdm"},
    {"resin", "sla"},
    {"vpp", "sla"},
    {"mjf", "sls"},
    {"dmls", "pbf_metal"},
    {"slm", "pbf_metal"},
    {"lpbf", "pbf_metal"},
    {"laser", "laser_cut"},
    {"laser cutting", "laser_cut"},
    {"las", "laser_cut"},
    {"cnc", "cnc_mill"},
    {"milling", "cnc_mill"},
}};

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

}  // namespace

std::span<const ProcessInfo> known_processes() {
    return processes;
}

std::optional<ProcessInfo> find_process(std::string_view name) {
    std::string wanted = lower(name);
    for (const auto& [alias, id] : aliases) {
        if (alias == wanted) wanted = id;
    }
    for (const ProcessInfo& process : processes) {
        if (process.id == wanted) return process;
    }
    return std::nullopt;
}

std::string_view known_process_ids() {
    return "fdm, sla, sls, pbf_metal, laser_cut, cnc_mill, cnc_turn, laser_engrave, plasma_cut, "
           "waterjet, vinyl_cut";
}

}  // namespace nearfab
