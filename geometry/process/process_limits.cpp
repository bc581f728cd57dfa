// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/process_limits.hpp"

#include "base/check.hpp"
#include "base/csv_fields.hpp"
#include "base/spelling.hpp"
#include "geometry/number_text.hpp"
#include "geometry/process/process_family.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr std::size_t max_rows = 2'000;
constexpr std::size_t columns = 6;

struct Key {
    std::string_view name;
    std::optional<double> ProcessLimits::*member;
    std::string_view unit;
    double below = std::numeric_limits<double>::infinity();  // What a value must be below.
};

constexpr std::array<Key, 39> keys{{
    {"wall_min_mm", &ProcessLimits::wall_min_mm, "mm"},
    {"wall_good_mm", &ProcessLimits::wall_good_mm, "mm"},
    {"feature_min_mm", &ProcessLimits::feature_min_mm, "mm"},
    {"hole_min_mm", &ProcessLimits::hole_min_mm, "mm"},
    {"gap_min_mm", &ProcessLimits::gap_min_mm, "mm"},
    {"gap_good_mm", &ProcessLimits::gap_good_mm, "mm"},
    {"tolerance_mm", &ProcessLimits::tolerance_mm, "mm"},
    {"time_good_h", &ProcessLimits::time_good_h, "h"},
    {"envelope_x_mm", &ProcessLimits::envelope_x_mm, "mm"},
    {"envelope_y_mm", &ProcessLimits::envelope_y_mm, "mm"},
    {"envelope_z_mm", &ProcessLimits::envelope_z_mm, "mm"},
    {"density_g_cm3", &ProcessLimits::density_g_cm3, "g/cm3"},
    {"layer_mm", &ProcessLimits::layer_mm, "mm"},
    {"layer_s", &ProcessLimits::layer_s, "s"},
    {"overhang_deg", &ProcessLimits::overhang_deg, "deg", 90},
    {"bridge_mm", &ProcessLimits::bridge_mm, "mm"},
    {"contact_min_mm2", &ProcessLimits::contact_min_mm2, "mm2"},
    {"support_share", &ProcessLimits::support_share, "1"},
    {"tool_diameter_mm", &ProcessLimits::tool_diameter_mm, "mm"},
    {"tool_length_mm", &ProcessLimits::tool_length_mm, "mm"},
    {"tool_ratio_good", &ProcessLimits::tool_ratio_good, "1"},
    {"tool_ratio_max", &ProcessLimits::tool_ratio_max, "1"},
    {"inner_radius_min_mm", &ProcessLimits::inner_radius_min_mm, "mm"},
    {"inner_radius_good_mm", &ProcessLimits::inner_radius_good_mm, "mm"},
    {"setups_good", &ProcessLimits::setups_good, "1"},
    {"setups_max", &ProcessLimits::setups_max, "1"},
    {"undercut_share", &ProcessLimits::undercut_share, "1", 1},
    {"stock_allowance_mm", &ProcessLimits::stock_allowance_mm, "mm"},
    {"removal_cm3_min", &ProcessLimits::removal_cm3_min, "cm3/min"},
    {"finish_cm2_min", &ProcessLimits::finish_cm2_min, "cm2/min"},
    {"kerf_mm", &ProcessLimits::kerf_mm, "mm"},
    {"hole_per_thickness", &ProcessLimits::hole_per_thickness, "1"},
    {"feature_per_thickness", &ProcessLimits::feature_per_thickness, "1"},
    {"sheet_max_mm", &ProcessLimits::sheet_max_mm, "mm"},
    {"cut_mm_s", &ProcessLimits::cut_mm_s, "mm/s"},
    {"cut_thickness_mm", &ProcessLimits::cut_thickness_mm, "mm"},
    {"travel_mm_s", &ProcessLimits::travel_mm_s, "mm/s"},
    {"pierce_s", &ProcessLimits::pierce_s, "s"},
    {"setup_s", &ProcessLimits::setup_s, "s"},
}};

constexpr std::string_view form = "give each line as process,key,value,unit,confidence,source";

constexpr std::array<std::string_view, 3> envelope_keys{
    "envelope_x_mm", "envelope_y_mm", "envelope_z_mm"};

std::string where(std::size_t line) {
    return "line " + std::to_string(line) + " of the limits";
}

std::vector<std::string> key_names() {
    std::vector<std::string> names;
    for (const Key& key : keys)
        names.emplace_back(key.name);
    return names;
}

// "did you mean fdm?", or else the other words.
std::string or_near(std::string_view typed,
                    const std::vector<std::string>& words,
                    std::string otherwise) {
    const auto near = nearest_word(typed, words);
    return near ? "did you mean " + *near + "?" : std::move(otherwise);
}

// Whether a process, its key, the unit and the value go together.
Result<const Key*> key_of(const LimitRow& row) {
    if (!family_of(row.process)) {
        const std::vector<std::string> names = process_names();
        std::string all;
        for (const std::string& name : names)
            all += (all.empty() ? "" : ", ") + name;
        std::string small = row.process;
        std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        return fail(ErrorCode::config,
                    where(row.line) + ": \"" + row.process + "\" is no process that is known",
                    or_near(small, names, "use one of " + all));
    }
    const auto* const key =
        std::find_if(keys.begin(), keys.end(), [&](const Key& one) { return one.name == row.key; });
    if (key == keys.end()) {
        return fail(ErrorCode::config,
                    where(row.line) + ": \"" + row.key + "\" is no limit of a process",
                    or_near(row.key,
                            key_names(),
                            "use a key of data/process_limits.csv, for example wall_min_mm"));
    }
    if (row.unit != key->unit) {
        return fail(ErrorCode::config,
                    where(row.line) + ": " + row.key + " is in " + std::string{key->unit} +
                        ", not in \"" + row.unit + "\"",
                    "state the value in " + std::string{key->unit});
    }
    if (!(row.value < key->below)) {
        return fail(ErrorCode::config,
                    where(row.line) + ": " + row.key + " must be below " + number_text(key->below) +
                        ", and " + number_text(row.value) + " is not",
                    "correct the value");
    }
    return key;
}

Result<LimitRow> row_of(std::string_view line, std::size_t number) {
    std::vector<std::string> fields = csv_fields(line);
    if (fields.size() != columns) {
        return fail(ErrorCode::config,
                    where(number) + " has " + std::to_string(fields.size()) +
                        " fields instead of " + std::to_string(columns),
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
                    where(number) + ": \"" + text + "\" is not a number above 0",
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
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (csv.starts_with(byte_order_mark)) csv.remove_prefix(byte_order_mark.size());
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
    std::map<std::tuple<LimitOrigin, std::string_view, std::string_view>, std::size_t> lines;
    for (const LimitRow& row : rows) {
        const Result<const Key*> key = key_of(row);
        if (!key) return fail(key.error());
        const auto [before, first] =
            lines.try_emplace({row.origin, row.process, row.key}, row.line);
        if (!first) {
            return fail(ErrorCode::config,
                        where(row.line) + ": " + row.key + " of " + row.process +
                            " stands in line " + std::to_string(before->second) + " already",
                        "keep one of the two");
        }
        auto entry = std::find_if(table.begin(), table.end(), [&](const ProcessLimits& l) {
            return l.process == row.process;
        });
        if (entry == table.end()) {
            entry = table.emplace(table.end());
            entry->process = row.process;
        }
        (*entry).*((*key)->member) = row.value;
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
