// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/slicer_remarks.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nearfab::agent {
namespace {

// The text after "<name> = " in a comment line, or nothing.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
    if (!line.starts_with(name)) {
        return std::nullopt;
    }
    line.remove_prefix(name.size());
    if (!line.starts_with(" = ")) {
        return std::nullopt;
    }
    return line.substr(3);
}

double number_from(std::string_view text) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value >= 0 && value < 1e9 ? value : 0;
}

constexpr double seconds_max = 1e7;  // Four months: no print takes longer.

std::optional<double> seconds_from(std::string_view text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    const bool good = error == std::errc{} && parsed == end && value >= 0 && value < seconds_max;
    return good ? std::optional{value} : std::nullopt;
}

// CuraEngine writes all its settings in one line, as if they came from a command line.
bool is_noise(std::string_view line) {
    return line.empty() || line.find(" => ") != std::string_view::npos ||
           line.find("[trace]") != std::string_view::npos ||
           line.find(" -s ") != std::string_view::npos;
}

template <typename Wanted>
std::string_view last_line(std::string_view text, const Wanted& wanted) {
    while (!text.empty()) {
        const std::size_t before = text.rfind('\n');
        const std::string_view line =
            before == std::string_view::npos ? text : text.substr(before + 1);
        text = text.substr(0, before == std::string_view::npos ? 0 : before);
        if (!is_noise(line) && wanted(line)) return line;
    }
    return {};
}

}  // namespace

std::optional<std::int64_t> duration_from(std::string_view text) {
    std::int64_t seconds = 0;
    bool any = false;
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        std::uint32_t amount = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
        const auto length = static_cast<std::size_t>(end - text.data());
        if (error != std::errc{} || length >= text.size()) {
            return std::nullopt;
        }
        const std::size_t unit = std::string_view{"smhd"}.find(text[length]);
        if (unit == std::string_view::npos) {
            return std::nullopt;
        }
        constexpr std::int64_t unit_s[] = {1, 60, 3600, 86'400};
        seconds += amount * unit_s[unit];
        any = true;
        text.remove_prefix(length + 1);
    }
    return any ? std::optional{seconds} : std::nullopt;
}

SlicerRemarks remarks_in(std::string_view gcode) {
    SlicerRemarks remarks;
    while (!gcode.empty()) {
        const std::size_t end = std::min(gcode.find('\n'), gcode.size());
        const std::string_view line = gcode.substr(0, end);
        gcode.remove_prefix(std::min(end + 1, gcode.size()));
        if (!line.starts_with(';')) {
            continue;
        }
        if (line == ";LAYER_CHANGE") {
            ++remarks.layers;
        } else if (const auto mm = value_of(line, "; filament used [mm]")) {
            remarks.filament_mm = number_from(*mm);
        } else if (const auto g = value_of(line, "; total filament used [g]")) {
            remarks.filament_g = number_from(*g);
        } else if (const auto t = value_of(line, "; estimated printing time (normal mode)")) {
            remarks.seconds = duration_from(*t);
        }
    }
    return remarks;
}

SlicerRemarks cura_remarks_in(std::string_view gcode) {
    constexpr std::string_view elapsed = ";TIME_ELAPSED:";
    SlicerRemarks remarks;
    double seconds = 0;
    bool told = false;
    bool odd = false;
    while (!gcode.empty()) {
        const std::size_t end = std::min(gcode.find('\n'), gcode.size());
        const std::string_view line = gcode.substr(0, end);
        gcode.remove_prefix(std::min(end + 1, gcode.size()));
        if (!line.starts_with(';')) continue;
        if (line.starts_with(";LAYER:")) {
            ++remarks.layers;
        } else if (line.starts_with(elapsed)) {
            const auto now = seconds_from(line.substr(elapsed.size()));
            told = true;
            odd = odd || !now || *now < seconds;
            seconds = now.value_or(seconds);
        }
    }
    if (told && !odd) remarks.seconds = static_cast<std::int64_t>(std::llround(seconds));
    return remarks;
}

std::string_view reason_in(std::string_view standard_error, std::string_view standard_output) {
    const auto speaks_of_error = [](std::string_view line) {
        return line.find("rror") != std::string_view::npos ||
               line.find("ERROR") != std::string_view::npos;
    };
    for (const std::string_view text : {standard_error, standard_output}) {
        const std::string_view line = last_line(text, speaks_of_error);
        if (!line.empty()) return line;
    }
    for (const std::string_view text : {standard_error, standard_output}) {
        const std::string_view line = last_line(text, [](std::string_view) { return true; });
        if (!line.empty()) return line;
    }
    return {};
}

}  // namespace nearfab::agent
