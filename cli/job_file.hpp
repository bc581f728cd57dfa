// SPDX-License-Identifier: GPL-3.0-or-later
// job_file.hpp - a job of several parts, written down: job.toml.
//
//     title = "Tool wall"                  # all of the job's settings may be left out; what is
//     at = "home"                          # typed on the command line wins
//     licence = "CERN-OHL-S-2.0"
//     prefer = "cheapest"
//     currency = "EUR"
//     carbon_price = 0.19
//     deadline = "+48h"
//     redo_after = "never"
//     material = "petg"                    # of parts that do not say their own
//
//     [[part]]
//     file = "tool_rack.stl"               # beside the job file
//     quantity = 2
//
//     [[part]]
//     file = "panel.dxf"
//     process = "laser_cut"
//     material = "plywood_birch"
//     thickness_mm = 4
//     unit = "in"                          # of a file that does not say it, as for --unit
//     operations = ["red=cut"]             # of lines of a drawing, as for --operation
//
// A part may also have min_feature_mm and tolerance_mm, and the job process, quantity, unit
// and operations.

#pragma once

#include "base/result.hpp"
#include "cli/command.hpp"

#include <filesystem>
#include <string_view>

namespace nearfab::cli {

[[nodiscard]] bool is_job_file(std::string_view name);

// The wishes with one entry in `parts` for each part: of each file typed, or of the job file, whose
// settings count where nothing was typed. Errors: config for the file, invalid_argument for a job
// file beside others, too many parts, or no place.
[[nodiscard]] Result<JobWishes> complete_wishes(JobWishes typed);

}  // namespace nearfab::cli
