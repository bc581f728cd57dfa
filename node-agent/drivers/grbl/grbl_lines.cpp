// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/grbl/grbl_lines.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>

namespace nearfab::agent {
namespace {

std::optional<int> whole(std::string_view text) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return std::isfinite(value) ? std::optional{value} : std::nullopt;
}

// The part up to the mark, taken off the text with it.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = std::min(text.find(mark), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

std::optional<std::array<double, 3>> position(std::string_view text) {
    std::array<double, 3> axes{};
    for (double& axis : axes) {
        const auto value = number(take_until(text, ','));
        if (!value) return std::nullopt;
        axis = *value;
    }
    return axes;  // More axes do not matter here.
}

bool begins_like(std::string_view text, std::string_view lower_case) {
    if (text.size() < lower_case.size()) return false;
    return std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char a, char b) {
        return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
    });
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

GrblFirmware firmware_in(std::string_view text) {
    if (contains(text, "FluidNC")) return GrblFirmware::fluid_nc;
    if (contains(text, "rblHAL")) return GrblFirmware::grbl_hal;
    return GrblFirmware::unknown;
}

void add_field(std::string_view field, grbl_line::Report& report) {
    const std::string_view name = take_until(field, ':');
    if (name == "MPos") report.machine_mm = position(field);
    if (name == "WCO") report.work_offset_mm = position(field);
    if (name == "Pn") report.pins = field;
    if (name == "A") report.accessories = field;
    if (name == "F") report.feed = number(field);
    if (name == "FS") {
        report.feed = number(take_until(field, ','));
        report.spindle = number(take_until(field, ','));
    }
}

GrblLine report_in(std::string_view text) {
    grbl_line::Report report;
    std::string_view state = take_until(text, '|');
    report.state = take_until(state, ':');
    report.substate = whole(state);
    while (!text.empty())
        add_field(take_until(text, '|'), report);
    return report;
}

GrblLine bracket(std::string_view text) {
    const std::string_view whole_text = text;
    const std::string_view name = take_until(text, ':');
    if (name == "MSG") return grbl_line::Message{std::string{text}};
    if (name == "VER" || name == "FIRMWARE") {
        return grbl_line::Version{firmware_in(whole_text), std::string{text}};
    }
    if (name == "G92" || name == "TLO") {
        grbl_line::Shift shift;
        while (!text.empty())
            shift.is_zero = number(take_until(text, ',')).value_or(1) == 0 && shift.is_zero;
        return shift;
    }
    if (name != "OPT") return grbl_line::Other{std::string{whole_text}};
    grbl_line::Options options;
    options.letters = take_until(text, ',');
    options.planner_blocks = whole(take_until(text, ',')).value_or(0);
    options.receive_bytes = whole(take_until(text, ',')).value_or(0);
    return options;
}

GrblLine dollar(std::string_view text) {
    const std::string_view whole_text = text;
    const std::string_view name = take_until(text, '=');
    if (name.starts_with("N") && !text.empty()) return grbl_line::StartupBlock{std::string{text}};
    const auto setting = whole(name);
    // Older builds add "(step pulse, usec)".
    const auto value = number(take_until(text, ' '));
    if (!setting || !value) return grbl_line::Other{std::string{whole_text}};
    return grbl_line::Setting{*setting, *value};
}

const std::map<int, const char*> common_alarms{
    {1, "a limit switch was hit and the position is lost; free the axis, then home"},
    {2, "the program leaves the machine's travel (soft limit)"},
    {3, "it was reset while it moved and the position is lost; home it"},
    {4, "the probe was not in its rest state"},
    {5, "the probe touched nothing"},
    {6, "homing was interrupted by a reset"},
    {7, "the door was opened during homing"},
    {8, "homing could not pull off the limit switch"},
    {9, "homing found no limit switch"}};
const std::map<int, const char*> grbl_alarms{{10, "homing: the second switch of a double axis"}};
const std::map<int, const char*> hal_alarms{{10, "the emergency stop is pressed"},
                                            {11, "it must be homed first"},
                                            {12, "a limit switch is held; free the axis"},
                                            {13, "probe protection"},
                                            {14, "the spindle did not reach its speed"},
                                            {15, "homing: the second switch of a double axis"},
                                            {16, "power-on self-test failed"},
                                            {17, "a motor driver reports a fault"},
                                            {18, "homing is not set up"},
                                            {19, "the spindle does not answer (modbus)"}};
const std::map<int, const char*> fluid_alarms{{10, "the spindle could not be controlled"},
                                              {11, "an input was active at start-up"},
                                              {12, "an ambiguous limit switch"},
                                              {13, "hard stop"},
                                              {14, "it must be homed first"},
                                              {15, "initialising failed"},
                                              {16, "an expander was reset"},
                                              {17, "an error in the program"}};

const std::map<int, const char*> common_errors{{1, "a letter was expected"},
                                               {2, "a number cannot be read"},
                                               {3, "an unknown $ command"},
                                               {8, "it is not idle"},
                                               {9, "it is locked"},
                                               {10, "soft limits need homing"},
                                               {11, "the line is too long"},
                                               {13, "the door is open"},
                                               {14, "the line is too long to keep"},
                                               {15, "a jog leaves the machine's travel"},
                                               {17, "laser mode needs a PWM output"},
                                               {20, "an unknown command"},
                                               {21, "two commands of one group in a line"},
                                               {22, "no feed rate was given"},
                                               {24, "two commands use the axes"},
                                               {25, "a letter is repeated"},
                                               {26, "a command without its axes"},
                                               {28, "a value is missing"},
                                               {30, "G53 needs G0 or G1"},
                                               {33, "an impossible target"},
                                               {34, "an arc whose radius does not fit"},
                                               {35, "an arc without its centre"},
                                               {36, "letters that no command uses"}};

std::string text_of(const std::map<int, const char*>& table, int number) {
    const auto at = table.find(number);
    return at == table.end() ? std::string{} : at->second;
}

}  // namespace

GrblLine parse_grbl_line(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r'))
        line.remove_suffix(1);
    if (line == "ok") return grbl_line::Ok{};
    if (line.starts_with("error:")) {
        if (const auto n = whole(line.substr(6))) return grbl_line::Refused{*n};
    }
    if (line.starts_with("ALARM:")) {
        if (const auto n = whole(line.substr(6))) return grbl_line::Alarm{*n};
    }
    if (line.starts_with("<") && line.ends_with(">")) {
        return report_in(line.substr(1, line.size() - 2));
    }
    if (line.starts_with("[") && line.ends_with("]"))
        return bracket(line.substr(1, line.size() - 2));
    if (line.starts_with("$") && contains(line, "=")) return dollar(line.substr(1));
    if (begins_like(line, "grbl")) {
        const GrblFirmware found = firmware_in(line);
        return grbl_line::Banner{found == GrblFirmware::unknown ? GrblFirmware::grbl : found,
                                 std::string{line}};
    }
    return grbl_line::Other{std::string{line}};
}

std::string alarm_text(int number, GrblFirmware firmware) {
    std::string text = text_of(common_alarms, number);
    if (text.empty() && firmware == GrblFirmware::grbl_hal) text = text_of(hal_alarms, number);
    if (text.empty() && firmware == GrblFirmware::fluid_nc) text = text_of(fluid_alarms, number);
    if (text.empty() && firmware == GrblFirmware::grbl) text = text_of(grbl_alarms, number);
    if (text.empty()) text = "see the firmware's manual";
    return "alarm " + std::to_string(number) + ": " + text;
}

std::string error_text(int number, GrblFirmware firmware) {
    std::string text = text_of(common_errors, number);
    if (text.empty() && firmware == GrblFirmware::fluid_nc && number == 120) {
        text = "another connection runs a job";
    }
    if (text.empty()) text = "see the firmware's manual";
    return "error " + std::to_string(number) + ": " + text;
}

bool loses_position(int alarm) {
    return alarm == 1 || alarm == 3 || (alarm >= 6 && alarm <= 9);
}

}  // namespace nearfab::agent
