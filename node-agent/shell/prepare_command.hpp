// SPDX-License-Identifier: GPL-3.0-or-later
// prepare_command.hpp - `nearfab-agent prepare`: flat parts made into machine code by hand, to look
// at.
//
// The same planner, gate and profile as for work of the router; nothing is sent to a machine.

#pragma once

#include "base/result.hpp"
#include "node-agent/prepare/cut_sheet.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct PrepareRequest {
    std::vector<std::string> files;  // "box.svg" or "box.svg*4".
    std::filesystem::path profile;
    std::string material;
    std::optional<double> thickness_mm;
    LengthUnit unit = LengthUnit::unstated;  // Of files that state none.
    LineRules operations;                    // For lines of drawings.
    bool slits = false;
    geometry::Vec2 bed_mm{1e4, 1e4};  // DEFAULT: the sheet of the profile.
    std::filesystem::path out;        // Empty: nothing is written. Sheets after the first: NAME-2.
    std::filesystem::path picture;    // Empty: none.
};

// What was made, for people: one paragraph per sheet. Errors: those of cut_sheets and of files.
[[nodiscard]] Result<std::string> prepare_by_hand(const PrepareRequest& request);

}  // namespace nearfab::agent
