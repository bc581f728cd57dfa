// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/process_limits.hpp"

#include "base/check.hpp"
#include "base/csv_fields.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr std::size_t max_rows = 2'000;
constexpr std::size_t columns = 6;

using Member = std::optional<double> ProcessLimits::*;

constexpr std::array<std::pair<std::string_view, Member>, 38> members{{
    {"wall_min_mm", &ProcessLimits::wall_min_mm},
    {"wall_good_mm", &ProcessLimits::wall_good_mm},
    {"feature_min_mm", &ProcessLimits::feature_min_mm},
    {"hole_min_mm", &ProcessLimits::hole_min_mm},
    {"gap_min_mm", &ProcessLimits::gap_min_mm},
    {"gap_good_mm", &ProcessLimits::gap_good_mm},
    {"tolerance_mm", &ProcessLimits::tolerance_mm},
    {"time_good_h", &ProcessLimits::time_good_h},
    {"envelope_x_mm", &ProcessLimits::envelope_x_mm},
    {"envelope_y_mm", &ProcessLimits::envelope_y_mm},
    {"envelope_z_mm", &ProcessLimits::envelope_z_mm},
    {"layer_mm", &ProcessLimits::layer_mm},
    {"layer_s", &ProcessLimits::layer_s},
    {"overhang_deg", &ProcessLimits::overhang_deg},
    {"bridge_mm", &ProcessLimits::bridge_mm},
    {"contact_min_mm2", &ProcessLimits::contact_min_mm2},
    {"support_share", &ProcessLimits::support_share},
    {"tool_diameter_mm", &ProcessLimits::tool_diameter_mm},
    {"tool_length_mm", &ProcessLimits::tool_length_mm},
    {"tool_ratio_good", &ProcessLimits::tool_ratio_good},
    {"tool_ratio_max", &ProcessLimits::tool_ratio_max},
    {"inner_radius_min_mm", &ProcessLimits::inner_radius_min_mm},
    {"inner_radius_good_mm", &ProcessLimits::inner_radius_good_mm},
    {"setups_good", &ProcessLimits::setups_good},
    {"setups_max", &ProcessLimits::setups_max},
    {"undercut_share", &ProcessLimits::undercut_share},
    {"stock_allowance_mm", &ProcessLimits::stock_allowance_mm},
    {"removal_cm3_min", &ProcessLimits::removal_cm3_min},
    {"finish_cm2_min", &ProcessLimits::finish_cm2_min},
    {"kerf_mm", &ProcessLimits::kerf_mm},
    {"hole_per_thickness", &ProcessLimits::hole_per_thickness},
    {"feature_per_thickness", &ProcessLimits::feature_per_thickness},
    {"sheet_max_mm", &ProcessLimits::sheet_max_mm},
    {"cut_mm_s", &ProcessLimits::cut_mm_s},
    {"cut_thickness_mm", &ProcessLimits::cut_thickness_mm},
    {"travel_mm_s", &ProcessLimits::travel_mm_s},
    {"pierce_s", &ProcessLimits::pierce_s},
    {"setup_s", &ProcessLimits::setup_s},
}};

constexpr std::string_view form = "give each line as process,key,value,unit,confidence,source";

constexpr std::array<std::string_view, 3> envelope_keys{
    "envelope_x_mm", "envelope_y_mm", "envelope_z_mm"};

Result<LimitRow> row_of(std::string_view line, std::size_t number) {
    std::vector<std::string> fields = csv_fields(line);
    const std::string where = "line " + std::to_string(number) + " of the limits";
    if (fields.size() != columns) {
        return fail(ErrorCode::config,
                    where + " has " + std::to_string(fields.size()) + " fields instead of " +
                        std::to_string(columns),
                    std::string{form});
    }
    LimitRow row;
    row.process = std::move(fields[0]);
    row.key = std::move(fields[1]);
    const std::string& text = fields[2];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row.value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || !std::isfinite(row.value) || row.value <= 0) {
        return fail(ErrorCode::config,
                    where + ": \"" + text + "\" is not a number above 0",
                    "write the value of " + row.key + " like 0.8");
    }
    row.unit = std::move(fields[3]);
    row.confidence = std::move(fields[4]);
    row.source = std::move(fields[5]);
    row.line = number;
    return row;
}

}  // namespace

Result<std::vector<LimitRow>> read_limit_rows(std::string_view csv, LimitOrigin origin) {
    std::vector<LimitRow> rows;
    std::size_t number = 0;
    bool heading = true;
    while (!csv.empty()) {
        const std::size_t end = std::min(csv.find('\n'), csv.size());
        std::string_view line = csv.substr(0, end);
        csv.remove_prefix(std::min(end + 1, csv.size()));
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        if (std::exchange(heading, false) && line.starts_with("process,")) continue;
        if (rows.size() == max_rows) {
            return fail(ErrorCode::config,
                        "the limits have more than " + std::to_string(max_rows) + " lines",
                        "keep only the processes you have");
        }
        Result<LimitRow> row = row_of(line, number);
        if (!row) return fail(row.error());
        row->origin = origin;
        rows.push_back(*std::move(row));
    }
    if (rows.empty()) return fail(ErrorCode::config, "the limits are empty", std::string{form});
    return rows;
}

Result<std::vector<ProcessLimits>> limits_of(const std::vector<LimitRow>& rows) {
    std::vector<ProcessLimits> table;
    for (const LimitRow& row : rows) {
        const auto member = std::find_if(
            members.begin(), members.end(), [&](const auto& m) { return m.first == row.key; });
        if (member == members.end()) {
            return fail(ErrorCode::config,
                        "line " + std::to_string(row.line) + " of the limits: \"" + row.key +
                            "\" is no limit of a process",
                        "use a key of data/process_limits.csv, for example wall_min_mm");
        }
        auto entry = std::find_if(table.begin(), table.end(), [&](const ProcessLimits& l) {
            return l.process == row.process;
        });
        if (entry == table.end()) {
            entry = table.emplace(table.end());
            entry->process = row.process;
        }
        (*entry).*(member->second) = row.value;
        for (std::size_t axis = 0; axis < envelope_keys.size(); ++axis) {
            if (row.key == envelope_keys[axis])
                entry->own_envelope[axis] = row.origin == LimitOrigin::machine;
        }
    }
    return table;
}

const std::vector<ProcessLimits>& builtin_limits() {
    static const std::vector<ProcessLimits> table = [] {
        const Result<std::vector<LimitRow>> rows = read_limit_rows(builtin_limits_text());
        NEARFAB_CHECK(rows, "the table that was built in can be read");
        Result<std::vector<ProcessLimits>> limits = limits_of(*rows);
        NEARFAB_CHECK(limits, "the table that was built in has known keys");
        return *std::move(limits);
    }();
    return table;
}

const ProcessLimits* find_limits(const std::vector<ProcessLimits>& table,
                                 std::string_view process) {
    const auto found = std::find_if(
        table.begin(), table.end(), [&](const ProcessLimits& l) { return l.process == process; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace nearfab::geometry
