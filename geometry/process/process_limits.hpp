// SPDX-License-Identifier: GPL-3.0-or-later
// process_limits.hpp - what the machines of a process can typically do, with sources.
//
// The table is data/process_limits.csv (process, key, value, unit, confidence, source; # begins a
// comment line), built into the program; a file of the same form can replace it line by line. The
// keys are the names of the members of ProcessLimits. Pure.

#pragma once

#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

// Whose the limits are. A size beyond what typical machines take is remarked, one beyond the given
// machine's own is a reason to refuse.
enum class LimitOrigin : std::uint8_t { typical = 0, machine = 1 };

struct LimitRow {
    std::string process;  // A process id, as in proto/model/process.
    std::string key;
    double value = 0;
    std::string unit;
    std::string confidence;  // read, derived or estimate.
    std::string source;
    std::size_t line = 0;  // In the text it was read from, counted from 1.
    LimitOrigin origin = LimitOrigin::typical;
};

// A `_min` or `_max` passed means that it cannot be made well enough; a `_good` passed is a remark.
// What a process has no opinion on is empty.
struct ProcessLimits {
    std::string process;
    std::optional<double> wall_min_mm;
    std::optional<double> wall_good_mm;
    std::optional<double> feature_min_mm;
    std::optional<double> hole_min_mm;
    std::optional<double> gap_min_mm;
    std::optional<double> gap_good_mm;
    std::optional<double> tolerance_mm;
    std::optional<double> time_good_h;  // Longer is a remark.
    // Of the process's usual material, for masses; none where nothing is usual.
    std::optional<double> density_g_cm3;
    // Room for the part: x, y horizontal and z up; of sheets, x and y.
    std::optional<double> envelope_x_mm;
    std::optional<double> envelope_y_mm;
    std::optional<double> envelope_z_mm;
    std::array<bool, 3> own_envelope{};  // Which of the three are LimitOrigin::machine.
    // Printing.
    std::optional<double> layer_mm;
    std::optional<double> layer_s;       // Time per layer, whatever is in it.
    std::optional<double> overhang_deg;  // From the vertical.
    std::optional<double> bridge_mm;
    std::optional<double> contact_min_mm2;
    std::optional<double> support_share;  // Support volume over part volume.
    // Milling.
    std::optional<double> tool_diameter_mm;
    std::optional<double> tool_length_mm;
    std::optional<double> tool_ratio_good;  // Depth over width.
    std::optional<double> tool_ratio_max;
    std::optional<double> inner_radius_min_mm;
    std::optional<double> inner_radius_good_mm;
    std::optional<double> setups_good;
    std::optional<double> setups_max;
    std::optional<double> undercut_share;  // Of the surface.
    std::optional<double> stock_allowance_mm;
    std::optional<double> removal_cm3_min;
    std::optional<double> finish_cm2_min;
    // Cutting sheets.
    std::optional<double> kerf_mm;
    std::optional<double> hole_per_thickness;
    std::optional<double> feature_per_thickness;
    std::optional<double> sheet_max_mm;
    std::optional<double> cut_mm_s;
    std::optional<double> cut_thickness_mm;
    std::optional<double> travel_mm_s;
    std::optional<double> pierce_s;
    // Milling and cutting: a person's time for each clamping or sheet.
    std::optional<double> setup_s;
};

// The text of data/process_limits.csv.
[[nodiscard]] std::string_view builtin_limits_text();

// Errors name the line. A byte order mark is passed over. A text without any row is an error.
[[nodiscard]] Result<std::vector<LimitRow>> read_limit_rows(
    std::string_view csv, LimitOrigin origin = LimitOrigin::typical);

// All processes of the rows, in the order in which they first occur; a row of a machine replaces a
// typical one for the same process and key. Errors name the line: a process or key that is not
// known, another unit than the key's, a value that cannot be, two rows of one origin for the same.
[[nodiscard]] Result<std::vector<ProcessLimits>> limits_of(const std::vector<LimitRow>& rows);

// The built-in table.
[[nodiscard]] const std::vector<ProcessLimits>& builtin_limits();

// Null when the table does not have the process.
[[nodiscard]] const ProcessLimits* find_limits(const std::vector<ProcessLimits>& table,
                                               std::string_view process);

}  // namespace nearfab::geometry
