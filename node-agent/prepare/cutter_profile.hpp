// SPDX-License-Identifier: GPL-3.0-or-later
// cutter_profile.hpp - the fab's own numbers for a laser or a mill: the machine, and its materials.
//
// A TOML file, read strictly. examples/profiles/laser.toml and mill.toml are complete and
// commented. Each material of each thickness is a row with the settings to cut it and where they
// come from: nearfab invents none, since a wrong one burns a workshop or breaks a tool. Plastics
// that give off poison or do not cut under a laser are refused in a laser's profile.

#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "node-agent/machine_code/grbl_gate.hpp"
#include "node-agent/machine_code/grbl_run.hpp"
#include "toolpath/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::agent {

struct CutterMaterial {
    MaterialId material;
    double thickness_mm = 0;
    std::string source;  // Where the numbers come from: a test cut, a table.
    double gap_mm = 2;   // Between parts, from cut to cut.
    bool grain = false;  // Parts are not turned.
    // The one that is of the profile's kind.
    toolpath::LaserSettings laser;
    toolpath::MillSettings mill;
};

struct CutterProfile {
    CutterKind kind = CutterKind::laser;
    double feed_max_mm_min = 0;
    double s_min = 0;
    double s_max = 0;
    double safe_z_mm = 5;  // Of a mill.
    double spin_up_s = 4;
    bool assist = false;  // Air or coolant, by M8.
    GrblDynamics dynamics;
    std::vector<CutterMaterial> materials;
};

// Errors: config with file:line, the cause and what to write instead.
[[nodiscard]] Result<CutterProfile> load_cutter_profile(const std::filesystem::path& file);
[[nodiscard]] Result<CutterProfile> parse_cutter_profile(std::string_view text,
                                                         const std::string& file_name);

// The row for a sheet; without a thickness the only one of that material. Error config: there is
// none, or several; the message lists what there is.
[[nodiscard]] Result<CutterMaterial> material_row(const CutterProfile& profile,
                                                  const MaterialId& material,
                                                  std::optional<double> thickness_mm);

// What the gate allows: for one row, and for any of them.
[[nodiscard]] CutterLimits limits_for(const CutterProfile& profile, const CutterMaterial& row);
[[nodiscard]] CutterLimits limits_for(const CutterProfile& profile, const geometry::Vec2& area_mm);

// Sheets are sold by nominal thickness: within this share and this much they are the same.
inline constexpr double same_thickness_share = 0.05;
inline constexpr double same_thickness_mm = 0.15;

}  // namespace nearfab::agent
